using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Ends tasks that are past a limit in time while nobody runs them.</summary>
internal sealed partial class LimitEnforcement(
    IDurableStore store,
    TaskRowCodec codec,
    INodePipeline pipeline,
    IOptions<TaskPipelineOptions> options,
    ILogger<LimitEnforcement> logger)
{
    /// <summary>Ends those of these tasks that are past a limit.</summary>
    public async Task EnforceAsync(IReadOnlyList<TaskState> tasks, CancellationToken cancellationToken)
    {
        var commits = new List<TaskCommit>();
        foreach (var task in tasks)
        {
            if (LimitPlan.Find(task, store.Now) is not { } kind)
            {
                continue;
            }

            var transition = TaskLifecycle.Apply(task, new LimitPassed(kind), options.Value.Retry, store.Now, 0);
            if (transition.IsChange)
            {
                commits.Add(new TaskCommit(task, transition.State, store.NewToken(), IfToken: task.Token));
            }
        }

        if (commits.Count == 0)
        {
            return;
        }

        var results = await store.WriteTasksAsync([.. commits.Select(codec.Update)], cancellationToken);
        var ended = commits.Where((_, i) => results[i].IsApplied).Select(commit => commit.After).ToList();
        pipeline.Post(new TasksEnded(ended));
        LogEnded(ended.Count);
    }

    [LoggerMessage(EventIds.LimitsEnforced, LogLevel.Information, "{Count} tasks were past their deadline or pending timeout and have ended.")]
    private partial void LogEnded(int count);
}

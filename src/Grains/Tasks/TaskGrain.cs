using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tasks;

/// <inheritdoc cref="ITaskGrain"/>
internal sealed partial class TaskGrain(
    IDurableStore store,
    TaskReader reader,
    TaskRowCodec codec,
    NodeDirectory nodes,
    NodeLinks links,
    TaskPipelineDriver pipeline,
    IOptions<TaskPipelineOptions> options,
    ILogger<TaskGrain> logger) : Grain, ITaskGrain
{
    /// <summary>How often a change is decided anew because the row changed under it. Each loss means that somebody else got on.</summary>
    private const int MaxRaces = 20;

    private TaskId Id => new(this.GetPrimaryKey());

    public async Task<TaskSnapshot?> GetSnapshotAsync() =>
        await ReadAsync() is { } task ? TaskSnapshots.Of(task, nodes) : null;

    public async Task<TaskHistory?> GetHistoryAsync() =>
        await ReadAsync() is { } task ? new TaskHistory(TaskSnapshots.Of(task, nodes), TaskSnapshots.Attempts(task, nodes)) : null;

    public async Task<TaskLineage?> GetLineageAsync()
    {
        if (await ReadAsync() is not { } task)
        {
            return null;
        }

        var edges = await store.ReadEdgesAsync(Id, CancellationToken.None);
        return new TaskLineage(
            TaskSnapshots.Of(task, nodes), TaskSnapshots.Attempts(task, nodes), edges.Upstream, edges.Downstream, edges.Children);
    }

    public async Task<TaskSnapshot?> CancelAsync(string? reason)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            if (await ReadAsync() is not { } task)
            {
                return null;
            }

            var transition = TaskLifecycle.Apply(task, new CancelRequested(reason, task.Owner.IsNone ? null : nodes.NameOf(task.Owner)), options.Value.Retry, store.Now, 0);
            if (!transition.IsChange)
            {
                return TaskSnapshots.Of(task, nodes);
            }

            var commit = new TaskCommit(task, transition.State, store.NewToken(), IfToken: task.Token);
            var written = await store.WriteTaskAsync(codec.Update(commit));
            if (written.IsApplied)
            {
                pipeline.Post(new TasksEnded([transition.State]));
                await VoidAsync(task);
                LogCancelled(Id, task.Phase, reason);
                return TaskSnapshots.Of(transition.State, nodes);
            }
        }

        throw new FaultToleranceException(
            $"Task {Id} changed {MaxRaces} times while it was being cancelled. Nothing was cancelled; try again.")
        { IsRetryable = true };
    }

    private Task<TaskState?> ReadAsync() => reader.ReadAsync(Id, CancellationToken.None);

    /// <summary>Fires the token of the attempt that is void now. If that node cannot be reached its report is refused by the row all the same.</summary>
    private async Task VoidAsync(TaskState task)
    {
        if (task.Phase != TaskPhase.Running || nodes.Find(task.Owner) is not { } owner)
        {
            return;
        }

        try
        {
            await links.To(owner.Info.Address).VoidAsync([new AttemptName(task.Id, task.Attempt)]);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            LogNotVoided(exception, Id, task.Attempt, owner.Row.Name);
        }
    }

    [LoggerMessage(EventIds.TaskCancelled, LogLevel.Debug, "Task {TaskId} was cancelled while {Phase}: {Reason}")]
    private partial void LogCancelled(TaskId taskId, TaskPhase phase, string? reason);

    [LoggerMessage(EventIds.AttemptStopped, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: node {Node} could not be told to stop its handler.")]
    private partial void LogNotVoided(Exception exception, TaskId taskId, int attempt, string node);
}

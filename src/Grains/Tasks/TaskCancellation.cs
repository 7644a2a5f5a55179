using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tasks;

/// <summary>Cancels a task by a conditional write of its row, and stops the attempt that is void then.</summary>
internal sealed partial class TaskCancellation(
    IDurableStore store,
    TaskReader reader,
    TaskRowCodec codec,
    NodeDirectory nodes,
    NodeLinks links,
    IOptions<TaskPipelineOptions> options,
    ILogger<TaskCancellation> logger)
{
    /// <summary>How often a change is decided anew because the row changed under it. Each loss means that somebody else got on.</summary>
    private const int MaxRaces = 20;

    /// <summary>Cancels a task; one that has ended stays as it is.</summary>
    /// <param name="id">The task.</param>
    /// <param name="reason">Why, for the history.</param>
    /// <param name="post">Tells the pipeline of the end, which carries it on to the children.</param>
    /// <param name="cancellationToken">Gives up between two tries.</param>
    /// <returns>The task as it is then; null when it is not known.</returns>
    /// <exception cref="FaultToleranceException">The row changed again and again; nothing was cancelled.</exception>
    public async Task<TaskState?> CancelAsync(TaskId id, string? reason, Action<PipelineEvent> post, CancellationToken cancellationToken)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            if (await reader.ReadAsync(id, cancellationToken) is not { } task)
            {
                return null;
            }

            var node = task.Owner.IsNone ? null : nodes.NameOf(task.Owner);
            var transition = TaskLifecycle.Apply(task, new CancelRequested(reason, node), options.Value.Retry, store.Now, 0);
            if (!transition.IsChange)
            {
                return task;
            }

            var commit = new TaskCommit(task, transition.State, store.NewToken(), IfToken: task.Token);
            var written = await store.WriteTaskAsync(codec.Update(commit), cancellationToken);
            if (written.IsApplied)
            {
                post(new TasksEnded([transition.State]));
                await VoidAsync(task);
                LogCancelled(id, task.Phase, reason);
                return transition.State;
            }
        }

        throw new FaultToleranceException(
            $"Task {id} changed {MaxRaces} times while it was being cancelled. Nothing was cancelled; try again.")
        { IsRetryable = true };
    }

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
            LogNotVoided(exception, task.Id, task.Attempt, owner.Row.Name);
        }
    }

    [LoggerMessage(EventIds.TaskCancelled, LogLevel.Debug, "Task {TaskId} was cancelled while {Phase}: {Reason}")]
    private partial void LogCancelled(TaskId taskId, TaskPhase phase, string? reason);

    [LoggerMessage(EventIds.AttemptNotVoided, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: node {Node} could not be told to stop its handler.")]
    private partial void LogNotVoided(Exception exception, TaskId taskId, int attempt, string node);
}

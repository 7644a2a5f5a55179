using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tasks;

/// <summary>Cancels tasks by conditional writes of their rows, and stops the attempts that are void then.</summary>
internal sealed partial class TaskCancellation(
    IDurableStore store,
    TaskReader reader,
    TaskRowCodec codec,
    NodeDirectory nodes,
    IAttemptVoids voids,
    IOptions<TaskPipelineOptions> options,
    ILogger<TaskCancellation> logger)
{
    /// <summary>The longest reason that is kept, in characters; it stands in the task's row.</summary>
    public const int MaxReason = 1_000;

    /// <summary>How often a change is decided anew because the row changed under it. Each loss means that somebody else got on.</summary>
    private const int MaxRaces = 20;

    /// <summary>Cancels a task; one that has ended stays as it is.</summary>
    /// <param name="id">The task.</param>
    /// <param name="reason">Why, for the history; cut to <see cref="MaxReason"/>.</param>
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

            if (Decide(task, reason) is not { } commit)
            {
                return task;
            }

            var written = await store.WriteTaskAsync(codec.Update(commit), cancellationToken);
            if (written.IsApplied)
            {
                await TellAsync([commit], reason, post);
                return commit.After;
            }
        }

        throw new FaultToleranceException(
            $"Task {id} changed {MaxRaces} times while it was being cancelled. Nothing was cancelled; try again.")
        { IsRetryable = true };
    }

    /// <summary>Cancels tasks in one write, and tells each node once; those that have ended stay as they are.</summary>
    /// <param name="tasks">The tasks as they were just read, no more than a batch of the store holds.</param>
    /// <param name="reason">Why, for the history.</param>
    /// <param name="post">Tells the pipeline of the ends, which carries them on to the children.</param>
    /// <param name="cancellationToken">Gives up between two writes.</param>
    public async Task CancelAsync(IReadOnlyList<TaskState> tasks, string reason, Action<PipelineEvent> post, CancellationToken cancellationToken)
    {
        var commits = tasks.Select(task => Decide(task, reason)).OfType<TaskCommit>().ToList();
        if (commits.Count == 0)
        {
            return;
        }

        var written = await store.WriteTasksAsync([.. commits.Select(codec.Update)], cancellationToken);
        var applied = commits.Where((_, index) => written[index].IsApplied).ToList();
        var told = TellAsync(applied, reason, post);
        foreach (var lost in commits.Where((_, index) => !written[index].IsApplied))
        {
            await CancelAsync(lost.Before.Id, reason, post, cancellationToken);
        }

        await told;
    }

    private TaskCommit? Decide(TaskState task, string? reason)
    {
        var node = task.Owner.IsNone ? null : nodes.NameOf(task.Owner);
        var request = new CancelRequested(FailureBounds.Shorten(reason, MaxReason), node);
        var transition = TaskLifecycle.Apply(task, request, options.Value.Retry, store.Now, 0);
        if (!transition.IsChange)
        {
            return null;
        }

        // Attempt and owner are condition enough while it runs: its handler may save progress again and again, which is void with the end.
        return new TaskCommit(task, transition.State, store.NewToken(), IfToken: task.Phase == TaskPhase.Running ? null : task.Token);
    }

    private async Task TellAsync(List<TaskCommit> cancelled, string? reason, Action<PipelineEvent> post)
    {
        if (cancelled.Count == 0)
        {
            return;
        }

        post(new TasksEnded([.. cancelled.Select(commit => commit.After)]));
        foreach (var commit in cancelled)
        {
            LogCancelled(commit.Before.Id, commit.Before.Phase, reason);
        }

        await voids.TellAsync(cancelled
            .Where(commit => commit.Before.Phase == TaskPhase.Running)
            .Select(commit => (commit.Before.Owner, new AttemptName(commit.Before.Id, commit.Before.Attempt))));
    }

    [LoggerMessage(EventIds.TaskCancelled, LogLevel.Debug, "Task {TaskId} was cancelled while {Phase}: {Reason}")]
    private partial void LogCancelled(TaskId taskId, TaskPhase phase, string? reason);
}

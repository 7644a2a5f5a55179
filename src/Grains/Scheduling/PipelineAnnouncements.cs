using FaultTolerance.Gateways;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Tells others what has happened here: sessions of ends, children of their parent's cancellation, peers of work in the queue.</summary>
/// <remarks>All of it may be lost. Clients ask for what they miss, sweeps find what is left to do, and nodes look by themselves.</remarks>
internal sealed partial class PipelineAnnouncements(
    OutcomeOutbox outbox,
    ChildCancellation children,
    NodeDirectory nodes,
    NodeLinks links,
    NodeSuspicions suspicions,
    LocalNode self,
    IOptions<StoreOptions> options,
    TimeProvider timeProvider,
    ILogger<PipelineAnnouncements> logger)
{
    private static readonly TimeSpan HintPause = TimeSpan.FromMilliseconds(20);

    private long _lastHint;

    /// <summary>Tells whoever has to know that a task has ended.</summary>
    /// <param name="end">The end.</param>
    /// <param name="post">Tells the pipeline of ends that follow from it.</param>
    public void Tell(AnnounceEnd end, Action<PipelineEvent> post)
    {
        var task = end.Task;
        if (task.Spec.Session is { } session)
        {
            outbox.Add(session, new TaskOutcome
            {
                Id = task.Id,
                Phase = task.Phase,
                Result = end.Result?.Length <= options.Value.MaxInlinePayload ? end.Result : null,
                Failure = task.Life.Failure,
            });
        }

        if (ChildCancellation.EndsChildren(task))
        {
            CancelChildrenAsync(task, post).Ignore();
        }
    }

    /// <summary>Wakes every peer, at most once in a while: a peer that finds the queue empty goes back to sleep.</summary>
    public void HintPeers()
    {
        var last = Volatile.Read(ref _lastHint);
        if (timeProvider.GetElapsedTime(last) < HintPause || Interlocked.CompareExchange(ref _lastHint, timeProvider.GetTimestamp(), last) != last)
        {
            return;
        }

        foreach (var peer in nodes.Living.Where(node => node.Row.Phase == NodePhase.Alive && node.Row.Incarnation != self.Incarnation))
        {
            HintAsync(peer).Ignore();
        }
    }

    private async Task HintAsync(KnownNode peer)
    {
        try
        {
            await links.To(peer.Info.Address).HintAsync();
        }
        catch (Exception exception)
        {
            LogHintFailed(exception, peer.Row.Name);
            suspicions.OnCallFailed(peer.Incarnation, exception);
        }
    }

    private async Task CancelChildrenAsync(TaskState parent, Action<PipelineEvent> post)
    {
        try
        {
            await children.CancelAsync(parent, post, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogChildrenNotCancelled(exception, parent.Id);
        }
    }

    [LoggerMessage(EventIds.HintFailed, LogLevel.Debug, "Node {Node} could not be told of work in the queue; it looks by itself.")]
    private partial void LogHintFailed(Exception exception, string node);

    [LoggerMessage(EventIds.ChildrenNotCancelled, LogLevel.Warning, "Task {TaskId}: its children could not be cancelled now.")]
    private partial void LogChildrenNotCancelled(Exception exception, TaskId taskId);
}

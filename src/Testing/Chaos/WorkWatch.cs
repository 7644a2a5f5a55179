using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Waits for nodes to be in the midst of work: a death that finds a node idle shows nothing of recovery.</summary>
/// <param name="store">The cluster's store.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class WorkWatch(IDurableStore store, TimeProvider timeProvider)
{
    /// <summary>How long a node may stay idle before it is struck all the same: a load need not reach all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until each of the lives owns an attempt, or the limit is over.</summary>
    public async Task UntilBusyAsync(IReadOnlyCollection<NodeIncarnation> lives, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (timeProvider.GetElapsedTime(start) < Limit && !await AreBusyAsync(lives, cancellationToken))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<bool> AreBusyAsync(IReadOnlyCollection<NodeIncarnation> lives, CancellationToken cancellationToken)
    {
        try
        {
            var owned = await Task.WhenAll(lives.Select(life =>
                store.ListAsync(new TaskQuery { Phase = TaskPhase.Running, Owner = life, Limit = 1 }, cancellationToken)));
            return owned.All(rows => rows.Count > 0);
        }
        catch (StoreException exception) when (exception.IsRetryable)
        {
            return false;
        }
    }
}

using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Waits, once all work is done, until every slot of every node is free again: one that is not was lost to the faults.</summary>
/// <param name="site">The cluster.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SlotWatch(IChaosSite site, TimeProvider timeProvider)
{
    /// <summary>How long slots may be held: handlers that ignore their token may still be on their way, and so may heartbeats.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns how many slots are still held at the end of the wait; null where the cluster does not answer any more.</summary>
    public async Task<int?> CountHeldAsync(CancellationToken cancellationToken)
    {
        var (start, done) = (timeProvider.GetTimestamp(), site.Store.Now);
        while (true)
        {
            if (await TryListAsync(cancellationToken) is not { } nodes)
            {
                return null;
            }

            var held = ChaosVerdict.HeldSlots(nodes, done, site.HasOtherWork);
            if (held == 0 || timeProvider.GetElapsedTime(start) > Limit)
            {
                return held;
            }

            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<NodeSnapshot>?> TryListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await site.ListNodesAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or StoreException)
        {
            return null; // it was asked for long enough; what else is known is to be reported
        }
    }
}

using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Finds out whether the store takes writes, for a node that writes nothing else yet.</summary>
/// <remarks>That it can be read says nothing of leases: on a full disk, or without the standby that has to confirm, reads go on and no lease can be renewed.</remarks>
internal sealed class StoreProbe(IDurableStore store)
{
    /// <summary>One small row for all starting nodes.</summary>
    private const string Key = "ft.starting";

    /// <summary>How often the row is written again because another starting node came first.</summary>
    private const int MaxRaces = 20;

    /// <summary>Writes, or loses to others that do. Either way the store has taken a write.</summary>
    /// <exception cref="StoreException">The store did not take it.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var row = await store.ReadStateAsync(Key, cancellationToken);
            if (await store.WriteStateAsync(new GrainStateWrite(Key, row?.Token, store.NewToken(), []), cancellationToken))
            {
                return;
            }
        }
    }
}

using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The store as product code in a simulated process calls it: each call takes time, may fail, and may land late.</summary>
/// <remarks>Only what that code calls goes over the network. Anything else would be done at once, which no store does.</remarks>
internal sealed class RemoteStore(SimulatedNode node, IStorageEngine engine, StoreClock clock, Random random) : SimulatedStore(engine, clock, random)
{
    public override Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) =>
        node.AskAsync(store => store.ReadTimeAsync(default));

    public override Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken) => node.EndOtherAsync(end);

    public override Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken) =>
        node.AskAsync(store => store.AddEventAsync(row, default));

    public override Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken) =>
        node.AskAsync(store => store.UpdateEventAsync(row, ifToken, default));

    public override Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken) =>
        node.AskAsync(store => store.ReadEventAsync(key, default));
}

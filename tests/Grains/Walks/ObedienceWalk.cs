using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A node finds that it is kept from work, then let back, then that it is to leave. Where its store fails it looks again; where it dies of it others find that it has nothing left.</summary>
internal sealed class ObedienceWalk : WriteWalk
{
    private NodeAgent _agent = null!;
    private OrderWatch _watch = null!;

    public override IReadOnlyList<string> Writes { get; } =
        [nameof(IStorageEngine.CommitStatesAsync), nameof(IStorageEngine.RenewLeaseAsync), nameof(IStorageEngine.EndNodeAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(NodeOrders), typeof(NodeAgent)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        lab.Detection.HeartbeatInterval = TimeSpan.FromHours(1); // no renewal but those of the walk
        lab.Detection.LeaseLength = TimeSpan.FromMinutes(10);
        _agent = lab.Agent();
        _watch = lab.OrderWatch(_agent);
        await _agent.JoinAsync(CancellationToken.None);
        await _agent.ActivateAsync(CancellationToken.None);
    }

    public override async Task ActAsync(StoreLab lab)
    {
        var node = lab.NodeGrain(9);
        await node.QuarantineAsync("It is slow.");
        await _watch.LookAsync(CancellationToken.None);
        Assert.Equal(new IntakeChanged(0), Intake(lab));
        await node.ReleaseAsync("It is well again.");
        await _watch.LookAsync(CancellationToken.None);
        Assert.Equal(new IntakeChanged(1), Intake(lab));
        await node.EvictAsync("It is replaced.");
        await LeaveAsync();
    }

    public override async Task FollowAsync(StoreLab lab)
    {
        if (!IsDead)
        {
            await TryAsync(() => lab.NodeGrain(9).EvictAsync("It is replaced.")); // once it has left it takes no orders
            await LeaveAsync();
            await _agent.LeaveAsync(CancellationToken.None);
        }

        lab.Prover.Bury(lab.Self.Incarnation);
        await using var pacemaker = lab.PacemakerOf(NodeFacts.Info(1));
        await pacemaker.LookAsync(CancellationToken.None);
        await lab.Shard().PassAsync(0, CancellationToken.None);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        Assert.NotNull((await lab.RowAsync(9)).Ended);
        Assert.InRange((await lab.IncidentLog.ListAsync(10, CancellationToken.None)).Count, 0, 1);
        if (!IsDead)
        {
            Assert.Equal(NodeOrderKind.Evict, (await lab.Orders().FindAsync("node-9", CancellationToken.None))!.Kind);
            Assert.Single(lab.Pipeline.Posted.OfType<DrainStarted>());
            Assert.Equal(new LeaseChanged(false), lab.Pipeline.Lease);
        }
    }

    private static IntakeChanged? Intake(StoreLab lab) => lab.Pipeline.Posted.OfType<IntakeChanged>().LastOrDefault();

    private async Task LeaveAsync()
    {
        await _watch.LookAsync(CancellationToken.None);
        await _agent.DrainAsync(TimeSpan.Zero, isPreemption: false);
    }
}

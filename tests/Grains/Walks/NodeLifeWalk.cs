using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A node registers, renews its lease and leaves. Where its process dies, others find that it has nothing left.</summary>
internal sealed class NodeLifeWalk : WriteWalk
{
    public override IReadOnlyList<string> Writes { get; } =
        [nameof(IStorageEngine.RegisterNodeAsync), nameof(IStorageEngine.RenewLeaseAsync), nameof(IStorageEngine.EndNodeAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(NodeAgent)];

    public override Task PrepareAsync(StoreLab lab)
    {
        lab.Detection.HeartbeatInterval = TimeSpan.FromHours(1); // no renewal but those of the walk
        return Task.CompletedTask;
    }

    public override async Task ActAsync(StoreLab lab)
    {
        await using var agent = lab.Agent();
        await agent.JoinAsync(CancellationToken.None); // a node that cannot join does not start
        await agent.ActivateAsync(CancellationToken.None);
        await TryAsync(() => agent.RenewAsync(CancellationToken.None));
        Assert.True(lab.Pipeline.Lease?.IsHeld);
        await agent.LeaveAsync(CancellationToken.None);
        Assert.False(lab.Pipeline.Lease?.IsHeld);
    }

    public override async Task FollowAsync(StoreLab lab)
    {
        lab.Prover.Bury(lab.Self.Incarnation);
        await using var pacemaker = lab.PacemakerOf(NodeFacts.Info(1));
        await pacemaker.LookAsync(CancellationToken.None);
        await lab.Shard().PassAsync(0, CancellationToken.None);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        foreach (var row in await lab.Store.ListNodesAsync(10, CancellationToken.None))
        {
            Assert.Equal(lab.Self.Incarnation, row.Incarnation);
            Assert.NotNull(row.Ended);
        }

        // A process that dies before it has left is an incident. One that leaves is none, whichever of its writes went wrong.
        Assert.True(IsDead || (await lab.IncidentLog.ListAsync(10, CancellationToken.None)).Count == 0);
        Assert.False(lab.Pipeline.Posted.OfType<LeaseChanged>().LastOrDefault()?.IsHeld ?? false);
    }
}

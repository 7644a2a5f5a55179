using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A silo starts, and of one that was there before nothing is known. It waits and ends that life, or the next one that starts does.</summary>
internal sealed class StaleSilosWalk : WriteWalk
{
    private readonly FakeMembershipTable _table = new();

    public override IReadOnlyList<string> Writes { get; } =
        [nameof(IStorageEngine.CommitStatesAsync), nameof(IStorageEngine.EndNodeAsync), nameof(IStorageEngine.AddEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(StoreProbe), typeof(NodeDeaths)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        _table.Add((await lab.JoinAsync(1)).Address, SiloStatus.Active);
        lab.Pass(60);
    }

    public override Task ActAsync(StoreLab lab) => TryAsync(() => lab.StaleSilos(_table).RemoveAsync(CancellationToken.None));

    public override async Task FollowAsync(StoreLab lab)
    {
        await lab.StaleSilos(_table).RemoveAsync(CancellationToken.None);
        await using var pacemaker = lab.PacemakerOf(NodeFacts.Info(2));
        lab.Pass(3); // by then a death without an incident is nobody's who still records it
        await pacemaker.LookAsync(CancellationToken.None);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        Assert.Equal((NodePhase.Dead, SiloStatus.Dead), ((await lab.RowAsync(1)).Phase, _table.StatusOf(NodeFacts.Info(1).Address)));
        Assert.Equal(FailureKind.NodeLost, Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None)).Kind);
    }
}

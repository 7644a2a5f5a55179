using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A recovery is not complete in time: it is flagged and told. If the silo that does it dies, another one looks, and tells it once more rather than never.</summary>
internal sealed class OverdueWalk : WriteWalk
{
    private OverdueSweeper _sweeper = null!;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.UpdateEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(RecoveryLimit)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        await lab.JoinAsync(1);
        await lab.RunningAsync(1);
        await lab.KillAsync(1);
        lab.Time.Advance(lab.Recovery.RecoveryTimeout);
        _sweeper = lab.Overdue();
    }

    public override Task ActAsync(StoreLab lab) => _sweeper.StepAsync(null, CancellationToken.None);

    public override async Task FollowAsync(StoreLab lab)
    {
        _sweeper = IsDead ? lab.Overdue() : _sweeper;
        for (var step = 0; step < 2; step++)
        {
            lab.Pass(1);
            await ActAsync(lab);
        }
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        var incident = Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
        Assert.NotNull(incident.OverdueAt);
        Assert.Equal(["flagged overdue: KeepTrying"], incident.Actions.Select(action => action.What));
        Assert.InRange(lab.Logs.Of(EventIds.RecoveryOverdue).Count, 1, IsDead ? 2 : 1);
    }
}

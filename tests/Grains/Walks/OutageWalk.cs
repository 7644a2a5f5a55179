using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>The store was away for all nodes and is back. The one that records it tries again; if it dies of it, another one that saw the same does it.</summary>
internal sealed class OutageWalk : WriteWalk
{
    private StorageOutageSweeper _first = null!;
    private StorageOutageSweeper _second = null!;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.AddEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(StorageOutageSweeper)];

    public override Task PrepareAsync(StoreLab lab)
    {
        var guard = new CondemnationGuard(lab.Detection.LeaseLength);
        var watch = new StorageWatch(lab.Store, guard, lab.Clock, Options.Create(lab.Detection));
        (_first, _second) = (lab.Outages(), lab.Outages(watch));
        Renew();
        for (var second = 0; second < 60; second++)
        {
            lab.Pass(1);
            lab.Storage.Look();
            watch.Look();
        }

        Renew();
        lab.Storage.Look();
        watch.Look();
        return Task.CompletedTask;

        void Renew()
        {
            lab.Guard.Renewed(lab.Clock.Now);
            guard.Renewed(lab.Clock.Now);
        }
    }

    public override Task ActAsync(StoreLab lab) => _first.StepAsync(null, CancellationToken.None);

    public override async Task FollowAsync(StoreLab lab)
    {
        lab.Pass(1);
        if (!IsDead)
        {
            await ActAsync(lab);
        }

        await _second.StepAsync(null, CancellationToken.None);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        var incident = Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
        Assert.Equal((FailedEntity.Storage, FailureKind.StoreUnreachable), (incident.Entity, incident.Kind));
        Assert.Equal((lab.Store.Now.AddSeconds(-1), incident.RecoveredAt - incident.BeganAt), (incident.RecoveredAt!.Value, incident.Elapsed));
        Assert.InRange(lab.Events.Heard.Count, 0, 1); // who does not know that it recorded it tells nobody
    }
}

using FaultTolerance.Grains.Actors;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>An actor hangs, which is recorded, and goes on, which is noted. What the store did not take is written at the next look, and lost with the node.</summary>
internal sealed class ActorIncidentWalk : WriteWalk
{
    private static readonly ActorName Alice = new("account", "alice");

    private ActorIncidents _incidents = null!;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.AddEventAsync), nameof(IStorageEngine.UpdateEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(IncidentLog), typeof(ActorIncidents)];

    public override Task PrepareAsync(StoreLab lab)
    {
        _incidents = new ActorIncidents(
            lab.Store, lab.IncidentLog, lab.IncidentInstruments, lab.Self, lab.Events, Options.Create(new ActorDetectionOptions()), lab.Logs.For<ActorIncidents>());
        return Task.CompletedTask;
    }

    public override async Task ActAsync(StoreLab lab)
    {
        var limit = TimeSpan.FromSeconds(30);
        _incidents.Take(new ActorFailed(Alice, 1, 1, TimeSpan.Zero, limit, TimeSpan.Zero, limit, limit / 3));
        await LookAsync();
        _incidents.Take(new ActorAliveAgain(Alice, 1, 1, limit, ActorRevival.Ended));
        await LookAsync();
    }

    public override Task FollowAsync(StoreLab lab) => IsDead ? Task.CompletedTask : LookAsync();

    public override async Task CheckAsync(StoreLab lab)
    {
        var incidents = await lab.IncidentLog.ListAsync(10, CancellationToken.None);
        Assert.InRange(incidents.Count, IsDead ? 0 : 1, 1);
        if (!IsDead)
        {
            Assert.NotNull(incidents[0].RecoveredAt);
            Assert.Single(incidents[0].Actions);
            Assert.Equal(["node-9 incident Hung", "node-9 actor alive again"], lab.Events.Heard);
        }
    }

    private Task LookAsync()
    {
        _incidents.WriteSoon(CancellationToken.None);
        return _incidents.Writing;
    }
}

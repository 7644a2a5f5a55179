using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>The detector's silo writes into the incident of a death since when it was suspected. It tries again; what it knew is lost with it, and nothing else is.</summary>
internal sealed class SuspicionWalk : WriteWalk
{
    private SuspicionTimes _times = null!;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.UpdateEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(SuspicionTimes)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        _times = lab.SuspicionTimes();
        await lab.JoinAsync(1);
        _times.OnSuspected(NodeFacts.Life(1));
        lab.Pass(1);
        _times.OnUnanswered(NodeFacts.Life(1));
        lab.Pass(1);
        await lab.KillAsync(1);
        lab.Directory.Replace(await lab.Store.ListNodesAsync(10, CancellationToken.None));
    }

    public override Task ActAsync(StoreLab lab) => _times.AmendAsync();

    public override Task FollowAsync(StoreLab lab) => IsDead ? Task.CompletedTask : ActAsync(lab);

    public override async Task CheckAsync(StoreLab lab)
    {
        var incident = Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
        Assert.Equal((FailureKind.Crash, NodeFacts.Now.AddSeconds(2)), (incident.Kind, incident.At));
        if (!IsDead || incident.SuspectedAt is not null)
        {
            Assert.Equal((NodeFacts.Now, NodeFacts.Now.AddSeconds(1)), (incident.SuspectedAt!.Value, incident.VerifiedAt!.Value));
        }
    }
}

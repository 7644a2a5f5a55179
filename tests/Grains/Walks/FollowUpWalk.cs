using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Tests.History;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A handler of failures is called, fails, and is called again. Each time is recorded; one that could not be recorded comes once more, from the same silo or the next.</summary>
internal sealed class FollowUpWalk : WriteWalk
{
    private readonly FakeHandler _handler = new() { Failures = 1 };
    private FollowUpSweeper _sweeper = null!;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.UpdateEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(FailureHandlerQueue)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        await lab.JoinAsync(1);
        await lab.KillAsync(1);
        _sweeper = Silo(lab);
    }

    public override async Task ActAsync(StoreLab lab)
    {
        await StepAsync(lab);
        await StepAsync(lab);
    }

    public override async Task FollowAsync(StoreLab lab)
    {
        _sweeper = IsDead ? Silo(lab) : _sweeper;
        await ActAsync(lab);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        var incident = Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
        var done = Assert.Single(incident.FollowUps);
        Assert.Equal(("pager", false, null), (done.Handler, done.IsGivenUp, done.Error));
        Assert.NotNull(done.DoneAt);
        Assert.InRange(done.Tries, 1, 2); // a try that was not recorded is none
        Assert.InRange(_handler.Called.Count, 2, 3);
    }

    private FollowUpSweeper Silo(StoreLab lab) => lab.FollowUps(new FailureHandlerOptions(), new FailureHandlerEntry("pager", [], _ => _handler));

    private async Task StepAsync(StoreLab lab)
    {
        await _sweeper.StepAsync(null, CancellationToken.None);
        await Task.WhenAll(_sweeper.Running);
        lab.Pass(60);
    }
}

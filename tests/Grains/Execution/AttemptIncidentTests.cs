using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>Attempts past a limit in time are told, each of them, and recorded as their rate allows. The limit is 300 s, the grace 10 s.</summary>
public sealed class AttemptIncidentTests : IAsyncLifetime
{
    private ExecutorLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await ExecutorLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task An_attempt_past_its_timeout_is_reported_with_elapsed_time_and_limit()
    {
        _lab.Store.Events.OnIncidentRecorded = new TaskCompletionSource();
        var task = await _lab.StartedAsync("lab.until-stopped");

        _lab.Store.Pass(300);
        await _lab.NextAsync<AttemptEnded>();

        var incident = await RecordedAsync();
        Assert.Equal((FailedEntity.Task, FailureKind.Timeout, task.Id, 1), (incident.Entity, incident.Kind, incident.Task!.Value, incident.Attempt));
        Assert.Equal((TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(300)), (incident.Elapsed!.Value, incident.Limit!.Value));
        Assert.Equal(["node-9 Timeout of an attempt", "node-9 incident Timeout"], _lab.Store.Events.Heard);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_past_its_grace_is_reported_as_hung()
    {
        _lab.Store.Events.OnIncidentRecorded = new TaskCompletionSource();
        await _lab.StartedAsync("lab.ignores-token");

        _lab.Store.Pass(300);
        _lab.Store.Pass(10);
        await _lab.NextAsync<AttemptEnded>();

        var incident = await RecordedAsync();
        Assert.Equal((FailureKind.Hung, 310.0, 10.0), (incident.Kind, incident.Elapsed!.Value.TotalSeconds, incident.Limit!.Value.TotalSeconds));
        _lab.Control.Gate.SetResult();
        await _lab.NextAsync<SlotFreed>();
    }

    [Fact]
    public void Of_many_within_a_minute_so_many_get_a_place_and_the_next_that_does_says_how_many_did_not()
    {
        var rate = new IncidentRate(2);
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(second => rate.TryTake(TimeSpan.FromSeconds(second), out _)));

        Assert.False(rate.TryTake(TimeSpan.FromSeconds(59.9), out _));
        Assert.True(rate.TryTake(TimeSpan.FromSeconds(60), out var omitted));
        Assert.Equal(3, omitted);
        Assert.True(rate.TryTake(TimeSpan.FromSeconds(61), out omitted));
        Assert.Equal(0, omitted);
        Assert.False(new IncidentRate(0).TryTake(TimeSpan.Zero, out _));
    }

    private async Task<IncidentSnapshot> RecordedAsync()
    {
        await _lab.Store.Events.OnIncidentRecorded!.Task.WaitAsync(TimeSpan.FromMinutes(1));
        return Assert.Single(await _lab.Store.IncidentLog.ListAsync(10, CancellationToken.None));
    }
}

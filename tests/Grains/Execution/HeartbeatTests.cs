using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>Attempts that give no sign of life. Their heartbeat timeout is 30 s, that of an attempt 300 s, the grace 10 s.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private ExecutorLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await ExecutorLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task An_attempt_without_a_sign_of_life_is_cancelled_with_a_kind_of_its_own_that_says_elapsed_time_and_limit()
    {
        await StartAsync("lab.until-stopped");

        _lab.Store.Pass(30);

        var failed = Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End);
        Assert.Equal((FailureKind.HeartbeatTimeout, true), (failed.Failure.Kind, failed.MayRetry));
        Assert.Equal("The attempt gave no sign of life for 30.0 s; its limit is 30.0 s (HeartbeatTimeout).", failed.Failure.Message);
    }

    [Fact]
    public async Task It_is_not_cancelled_a_moment_earlier()
    {
        var context = await StartAsync("lab.until-stopped");

        _lab.Store.Pass(29.999);
        context.Heartbeat();
        _lab.Store.Pass(29.999);

        Assert.IsType<AttemptReleased>((await EndAsync(StopReason.Drained)).End);
    }

    [Fact]
    public async Task Heartbeats_keep_an_attempt_alive_up_to_its_attempt_timeout()
    {
        var context = await StartAsync("lab.until-stopped");

        for (var second = 0; second < 300; second += 20)
        {
            context.Heartbeat();
            _lab.Store.Pass(20);
        }

        Assert.Equal(FailureKind.Timeout, Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End).Failure.Kind);
    }

    [Fact]
    public async Task A_save_is_a_sign_of_life_when_it_is_made_and_when_it_is_answered_and_as_long_as_the_store_takes()
    {
        var context = await StartAsync("lab.until-stopped");
        _lab.Store.Pass(20);
        var saving = context.SaveProgressAsync(1);
        var report = await _lab.NextAsync<ProgressReported>();

        _lab.Store.Pass(100);
        _lab.Answer(report);
        await saving;
        _lab.Store.Pass(29.999);
        Assert.False(_lab.IsStopped);
        _lab.Store.Pass(30);

        Assert.Equal(FailureKind.HeartbeatTimeout, Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End).Failure.Kind);
    }

    [Fact]
    public async Task Without_a_heartbeat_timeout_nobody_asks_for_a_sign_of_life()
    {
        await _lab.StartedAsync("lab.until-stopped");

        _lab.Store.Pass(299.999);

        Assert.False(_lab.IsStopped);
        Assert.IsType<AttemptReleased>((await EndAsync(StopReason.Drained)).End);
    }

    [Fact]
    public async Task The_time_counts_on_the_monotonic_clock()
    {
        await StartAsync("lab.until-stopped");

        _lab.Store.Time.AdjustTime(_lab.Store.Time.GetUtcNow().AddHours(5));

        Assert.False(_lab.IsStopped);
        Assert.IsType<AttemptReleased>((await EndAsync(StopReason.Drained)).End);
    }

    [Fact]
    public async Task Time_in_which_the_process_stood_still_is_held_against_no_handler()
    {
        _lab.Clock.Start();
        var context = await StartAsync("lab.until-stopped");
        Tick(20);
        context.Heartbeat();
        _lab.Store.Time.StandStill(TimeSpan.FromSeconds(29));

        Tick(29.75);
        Assert.False(_lab.IsStopped);
        Tick(0.25);

        Assert.Equal(FailureKind.HeartbeatTimeout, Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End).Failure.Kind);
    }

    [Fact]
    public async Task A_silent_handler_that_ignores_its_token_too_is_given_up_after_the_grace()
    {
        await StartAsync("lab.ignores-token");

        _lab.Store.Pass(30);
        _lab.Store.Pass(10);

        var ended = await _lab.NextAsync<AttemptEnded>();
        Assert.True(ended.KeepsSlot);
        Assert.Equal(FailureKind.HeartbeatTimeout, Assert.IsType<AttemptFailed>(ended.End).Failure.Kind);
        _lab.Control.Gate.SetResult();
        await _lab.NextAsync<SlotFreed>();
    }

    [Fact]
    public async Task A_heartbeat_that_comes_too_late_does_not_save_the_attempt()
    {
        var context = await StartAsync("lab.ignores-token");
        _lab.Store.Pass(30);

        context.Heartbeat();
        _lab.Control.Gate.SetResult();

        Assert.Equal(FailureKind.HeartbeatTimeout, Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End).Failure.Kind);
    }

    [Fact]
    public async Task A_silent_attempt_is_an_incident_with_elapsed_time_and_limit()
    {
        _lab.Store.Events.OnIncidentRecorded = new TaskCompletionSource();
        await StartAsync("lab.until-stopped");

        _lab.Store.Pass(30);
        await _lab.NextAsync<AttemptEnded>();

        await _lab.Store.Events.OnIncidentRecorded.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var incident = Assert.Single(await _lab.Store.IncidentLog.ListAsync(10, CancellationToken.None));
        Assert.Equal((FailureKind.HeartbeatTimeout, Limit, Limit), (incident.Kind, incident.Elapsed!.Value, incident.Limit!.Value));
        Assert.Equal("lab.until-stopped@1 gave no sign of life for 30.0 s; its limit is 30.0 s.", incident.Evidence);
    }

    private async Task<TaskContext> StartAsync(string handler)
    {
        await _lab.StartedAsync(handler, task => task with { Spec = task.Spec with { HeartbeatTimeout = Limit } });
        return await _lab.Control.Started.Task;
    }

    /// <summary>Lets time pass in which the process is awake.</summary>
    private void Tick(double seconds)
    {
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(seconds); passed += AwakeClock.Interval)
        {
            _lab.Store.Time.Advance(AwakeClock.Interval);
        }
    }

    private async Task<AttemptEnded> EndAsync(StopReason reason)
    {
        _lab.Executor.Stop((await _lab.Control.Started.Task).TaskId, 1, reason);
        return await _lab.NextAsync<AttemptEnded>();
    }
}

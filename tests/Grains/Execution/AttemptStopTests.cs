using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>What an attempt that was stopped is charged with, whatever its handler throws then. The limit of an attempt is 300 s, the grace 10 s.</summary>
public sealed class AttemptStopTests : IAsyncLifetime
{
    private ExecutorLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await ExecutorLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData(nameof(StopReason.Drained), FailureKind.Drained)]
    [InlineData(nameof(StopReason.LeaseLost), FailureKind.LeaseLost)]
    public async Task A_handler_that_is_stopped_because_of_its_node_and_throws_something_else_costs_nothing(string reason, FailureKind cause)
    {
        _lab.Control.Throws = new IOException("The connection was closed.", new OperationCanceledException());
        var task = await _lab.StartedAsync("lab.until-stopped");

        _lab.Stop(task, Enum.Parse<StopReason>(reason));

        var released = Assert.IsType<AttemptReleased>((await _lab.NextAsync<AttemptEnded>()).End);
        Assert.NotNull(released.StartedAt);
        Assert.Equal(cause, released.Cause);
    }

    [Fact]
    public async Task A_handler_past_its_time_that_throws_something_else_costs_the_budget_of_timeouts()
    {
        _lab.Control.Throws = new IOException("The connection was closed.");
        await _lab.StartedAsync("lab.until-stopped");

        _lab.Store.Pass(300);

        var failed = Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End);
        Assert.Equal((FailureKind.Timeout, true), (failed.Failure.Kind, failed.MayRetry));
        Assert.Equal(typeof(IOException).FullName, failed.Failure.Cause!.ExceptionType);
    }

    [Fact]
    public async Task A_handler_past_the_deadline_that_throws_something_else_ends_the_task_for_its_deadline()
    {
        _lab.Control.Throws = new IOException("The connection was closed.");
        await _lab.StartedAsync("lab.until-stopped", task => task with { Deadline = _lab.Store.Store.Now.AddSeconds(20) });

        _lab.Store.Pass(20);

        var failed = Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End);
        Assert.Equal((FailureKind.DeadlineExceeded, false), (failed.Failure.Kind, failed.MayRetry));
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_is_told_after_the_grace_and_frees_its_slot_when_it_ends()
    {
        var task = await _lab.StartedAsync("lab.ignores-token");
        _lab.Stop(task, StopReason.Drained);

        _lab.Store.Pass(10);

        var ended = await _lab.NextAsync<AttemptEnded>();
        Assert.True(ended.KeepsSlot);
        Assert.IsType<AttemptReleased>(ended.End);
        _lab.Control.Gate.SetResult();
        Assert.Equal((task.Id, 1), await FreedAsync());
    }

    [Fact]
    public async Task A_limit_that_passes_during_the_grace_of_a_drain_changes_nothing()
    {
        var task = await _lab.StartedAsync("lab.ignores-token", task => task with { Spec = task.Spec with { AttemptTimeout = TimeSpan.FromSeconds(5) } });
        _lab.Stop(task, StopReason.Drained);

        _lab.Store.Pass(10);

        Assert.IsType<AttemptReleased>((await _lab.NextAsync<AttemptEnded>()).End);
    }

    [Fact]
    public async Task A_handler_that_returns_during_the_grace_of_a_timeout_is_still_too_late()
    {
        await _lab.StartedAsync("lab.ignores-token");
        _lab.Store.Pass(300);

        _lab.Control.Gate.SetResult();

        var failed = Assert.IsType<AttemptFailed>((await _lab.NextAsync<AttemptEnded>()).End);
        Assert.Equal(FailureKind.Timeout, failed.Failure.Kind);
    }

    private async Task<(TaskId, int)> FreedAsync()
    {
        var freed = await _lab.NextAsync<SlotFreed>();
        return (freed.Task, freed.Attempt);
    }
}

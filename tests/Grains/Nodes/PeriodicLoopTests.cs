using FaultTolerance.Grains.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Grains.Tests.Nodes;

public sealed class PeriodicLoopTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _steps = new(0);
    private readonly List<Exception> _failures = [];

    public void Dispose() => _steps.Dispose();

    [Fact]
    public async Task A_loop_steps_at_once_and_then_each_interval()
    {
        await using var loop = Loop(_ => Task.CompletedTask);
        loop.Start(atOnce: true);
        await _steps.WaitAsync();

        _time.Advance(TimeSpan.FromSeconds(1));
        await _steps.WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(0.5));

        await loop.StopAsync();
        Assert.Equal(0, _steps.CurrentCount);
    }

    [Fact]
    public async Task A_loop_that_is_in_no_hurry_steps_first_after_one_interval()
    {
        await using var loop = Loop(_ => Task.CompletedTask);
        loop.Start(atOnce: false);
        _time.Advance(TimeSpan.FromSeconds(0.999));
        Assert.Equal(0, _steps.CurrentCount);

        _time.Advance(TimeSpan.FromSeconds(0.001));
        await _steps.WaitAsync();

        await loop.StopAsync();
    }

    [Fact]
    public async Task Whatever_happens_during_a_step_is_one_more_step()
    {
        var gate = new TaskCompletionSource();
        await using var loop = Loop(_ => gate.Task);
        loop.Start(atOnce: true);
        await _steps.WaitAsync();

        loop.Signal();
        loop.Signal();
        _time.Advance(TimeSpan.FromSeconds(1));
        gate.SetResult();
        await _steps.WaitAsync();

        await loop.StopAsync();
        Assert.Equal(0, _steps.CurrentCount);
    }

    [Fact]
    public async Task A_step_that_fails_is_told_and_the_loop_goes_on()
    {
        await using var loop = Loop(_ => throw new InvalidOperationException("no"));
        loop.Start(atOnce: true);
        await _steps.WaitAsync();
        loop.Signal();
        await _steps.WaitAsync();

        await loop.StopAsync();

        Assert.Equal(["no", "no"], _failures.Select(failure => failure.Message));
    }

    [Fact]
    public async Task Stopping_cancels_the_step_that_is_under_way_and_is_no_failure()
    {
        await using var loop = Loop(token => new TaskCompletionSource().Task.WaitAsync(token));
        loop.Start(atOnce: true);
        await _steps.WaitAsync();

        await loop.StopAsync();
        await loop.StopAsync();

        Assert.Empty(_failures);
    }

    private PeriodicLoop Loop(Func<CancellationToken, Task> step) => new(
        TimeSpan.FromSeconds(1),
        token =>
        {
            _steps.Release();
            return step(token);
        },
        _failures.Add,
        _time);
}

using FaultTolerance.Gateways;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Outcomes;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>What keeps an attempt from calling its handler.</summary>
public sealed class AttemptLimitTests : IAsyncLifetime
{
    private ExecutorLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await ExecutorLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_pending_timeout_counts_until_the_start_and_not_until_the_claim()
    {
        var task = _lab.Task("lab.token", with: task => task with { Spec = task.Spec with { PendingTimeout = TimeSpan.FromSeconds(5) } });
        _lab.Store.Pass(5);

        var failed = Assert.IsType<AttemptFailed>((await _lab.RunAsync(task)).End);

        Assert.Equal((FailureKind.PendingTimeout, null), (failed.Failure.Kind, failed.StartedAt));
    }

    [Fact]
    public async Task Arguments_that_cannot_be_read_now_are_tried_again_later_and_later()
    {
        var needed = await _lab.Store.EndedAsync(TaskPhase.Succeeded);
        _lab.Store.Engine.IsReachable = false;
        var task = _lab.Task("lab.add-one", with: task => task with
        {
            Spec = task.Spec with { Arguments = [new TaskArgument { Kind = ArgumentKind.Result, Sources = [new ResultSource { TaskId = needed, Index = ObjectRef.Whole }] }] },
            Life = TaskLife.New with { Unstarted = 3 },
        });

        var released = Assert.IsType<AttemptReleased>((await _lab.Store.Time.RunAsync(_lab.RunAsync(task))).End);

        Assert.Equal((null, 8 * _lab.Store.Pipelines.RepeatDelay), (released.StartedAt, released.Delay));
        var after = TaskLifecycle.Apply(task, released, new TaskRetryPolicy(), _lab.Store.Store.Now, 0.5).State;
        Assert.Equal((TaskPhase.Queued, _lab.Store.Store.Now + released.Delay), (after.Phase, after.Due));
    }
}

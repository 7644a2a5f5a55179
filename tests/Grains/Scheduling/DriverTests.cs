using System.Diagnostics.Metrics;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tests.Execution;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How the driver ends: because the silo stops, or because of a defect of the pipeline.</summary>
public sealed class DriverTests : IAsyncLifetime
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(1);

    private ExecutorLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await ExecutorLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_pipeline_that_stopped_because_of_a_defect_refuses_calls_and_can_be_disposed_of()
    {
        var driver = await StartAsync(_lab);
        driver.Post(new TasksInserted(12_345, []));

        await Assert.ThrowsAsync<SubmitRejectedException>(() => driver.SubmitAsync([Call()]).WaitAsync(HangLimit));
        await Assert.ThrowsAsync<SubmitRejectedException>(() => driver.SubmitAsync([Call()]).WaitAsync(HangLimit));
        await driver.DisposeAsync().AsTask().WaitAsync(HangLimit);
    }

    [Fact]
    public async Task Calls_that_wait_for_the_store_are_refused_when_the_pipeline_stops()
    {
        var driver = await StartAsync(_lab);
        _lab.Store.Engine.IsReachable = false;
        var call = driver.SubmitAsync([Call()]);

        driver.Post(new TasksInserted(12_345, []));

        var refused = await Assert.ThrowsAsync<SubmitRejectedException>(() => call.WaitAsync(HangLimit));
        Assert.True(refused.IsRetryable);
        await driver.DisposeAsync();
    }

    [Fact]
    public async Task Progress_stands_in_the_row_when_its_save_returns()
    {
        var id = await _lab.Store.InsertAsync(task => task with { Spec = task.Spec with { Handler = "lab.until-stopped" } });
        var driver = await StartAsync(_lab);
        driver.Post(new LeaseChanged(true));
        var context = await _lab.Control.Started.Task.WaitAsync(HangLimit);
        var claimed = await _lab.Store.TaskAsync(id);

        await context.SaveProgressAsync(1).WaitAsync(HangLimit);
        await context.SaveProgressAsync(2).WaitAsync(HangLimit);
        var saved = await _lab.Store.TaskAsync(id);

        Assert.Equal((TaskPhase.Running, 1, claimed.Owner, claimed.Due), (saved.Phase, saved.Attempt, saved.Owner, saved.Due));
        Assert.NotEqual(claimed.Token, saved.Token);
        Assert.Equal((1, "System.Int32"), (saved.Life.Progress!.Attempt, saved.Life.Progress.Type));
        Assert.True(context.TryGetProgress<int>(out var last));
        Assert.Equal(2, last);
        await driver.DisposeAsync();
    }

    [Fact]
    public async Task Writes_of_progress_are_counted_and_refused_ones_are_not()
    {
        var counted = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "faulttolerance.progress.saves" && instrument.Meter.Scope == _lab.Meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => counted += count);
        listener.Start();
        var task = await _lab.StartedAsync("lab.until-stopped");

        _lab.Executor.Answer(new AnswerProgress(task.Id, 1, [1, 2], ProgressVerdict.Saved, null));
        _lab.Executor.Answer(new AnswerProgress(task.Id, 1, [3], ProgressVerdict.AttemptOver, null));

        Assert.Equal(1, counted);
    }

    [Fact]
    public async Task A_handler_that_waits_to_hear_of_its_progress_is_told_when_the_pipeline_stops()
    {
        await _lab.Store.InsertAsync(task => task with { Spec = task.Spec with { Handler = "lab.until-stopped" } });
        var driver = await StartAsync(_lab);
        driver.Post(new LeaseChanged(true));
        var context = await _lab.Control.Started.Task.WaitAsync(HangLimit);
        _lab.Store.Engine.IsReachable = false;
        var saving = context.SaveProgressAsync(1);

        driver.Post(new TasksInserted(12_345, []));

        await Assert.ThrowsAsync<AttemptOverException>(() => saving.WaitAsync(HangLimit));
        await driver.DisposeAsync();
    }

    [Fact]
    public async Task Two_drivers_of_one_life_never_make_the_same_token()
    {
        Assert.NotEqual(await ClaimTokenAsync(), await ClaimTokenAsync());
    }

    private static async Task<long> ClaimTokenAsync()
    {
        await using var lab = await ExecutorLab.OpenAsync();
        var id = await lab.Store.InsertAsync(task => task with { Spec = task.Spec with { Handler = "lab.ignores-token" } });
        var driver = await StartAsync(lab);
        driver.Post(new LeaseChanged(true));
        await lab.Control.Started.Task.WaitAsync(HangLimit);
        var token = (await lab.Store.TaskAsync(id)).Token;
        lab.Control.Gate.SetResult();
        await driver.DisposeAsync();
        return token;
    }

    private static NewTask Call() => new NodeUnderTest().Call(1);

    private static async Task<TaskPipelineDriver> StartAsync(ExecutorLab lab)
    {
        var driver = new TaskPipelineDriver(
            lab.Store.Self, lab.Store.Store, lab.Operations, lab.Executor, null!, lab.Instruments, lab.Store.Clock, Options.Create(lab.Store.Pipelines), lab.Store.Time,
            NullLogger<TaskPipelineDriver>.Instance); // nothing here is announced
        var lifecycle = new SiloLifecycleUnderTest();
        driver.Participate(lifecycle);
        await lifecycle.StartAsync();
        return driver;
    }

    private sealed class SiloLifecycleUnderTest : ISiloLifecycle
    {
        private readonly List<ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => int.MinValue;

        public int LowestStoppedStage => int.MaxValue;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add(observer);
            return new MemoryStream();
        }

        public Task StartAsync() => Task.WhenAll(_observers.Select(observer => observer.OnStart(CancellationToken.None)));
    }
}

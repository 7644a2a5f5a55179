using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Client.Tests.Clusters;

/// <summary>A clock that stands until it is moved, and that tells which timers are set.</summary>
internal sealed class TestClock : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<RecordedTimer> _set = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Source)> _waiting = [];
    private readonly long _start;

    public TestClock() => _start = GetTimestamp();

    /// <summary>Gets the time since the test's start.</summary>
    public TimeSpan Now => GetElapsedTime(_start);

    /// <summary>Ends when some timer is set to fire exactly so long from now.</summary>
    public async Task SetAsync(TimeSpan fromNow)
    {
        Task set;
        lock (_gate)
        {
            if (_set.Exists(timer => timer.Due == Now + fromNow))
            {
                return;
            }

            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((Now + fromNow, source));
            set = source.Task;
        }

        await Hang.Limit(set, () => $"no timer was set to {Now + fromNow}; set are: {string.Join(", ", _set.Select(timer => timer.Due))}");
    }

    /// <summary>Waits until a timer is set to fire so long from now, then lets the time pass.</summary>
    public async Task PassAsync(TimeSpan fromNow)
    {
        await SetAsync(fromNow);
        Advance(fromNow);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RecordedTimer(this);
        timer.Inner = base.CreateTimer(_ => timer.Fire(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Record(RecordedTimer timer, TimeSpan? due)
    {
        var met = new List<TaskCompletionSource>();
        lock (_gate)
        {
            _set.Remove(timer);
            timer.Due = due;
            if (due is not null)
            {
                _set.Add(timer);
                met.AddRange(_waiting.Where(waiting => waiting.Due == due).Select(waiting => waiting.Source));
                _waiting.RemoveAll(waiting => waiting.Due == due);
            }
        }

        met.ForEach(source => source.TrySetResult());
    }

    private sealed class RecordedTimer(TestClock clock) : ITimer
    {
        public ITimer Inner { get; set; } = null!;

        public TimeSpan? Due { get; set; }

        public void Fire(TimerCallback callback, object? state)
        {
            clock.Record(this, null);
            callback(state);
        }

        // Recorded after the clock has it: whoever is told may move the clock at once.
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var due = clock.Now + dueTime;
            var changed = Inner.Change(dueTime, period);
            clock.Record(this, dueTime == Timeout.InfiniteTimeSpan ? null : due);
            return changed;
        }

        public void Dispose()
        {
            Inner.Dispose();
            clock.Record(this, null);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>A clock that stands still until it is moved, and that can end every short wait as soon as it begins.</summary>
internal sealed class LabTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    // The waits of the things under test are shorter; the period of the store's clock and a write's time-out are longer.
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    private TimeSpan _stoodStill;
    private TimeSpan _stepped;

    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= ShortWait && period == Timeout.InfiniteTimeSpan)
        {
            _armed.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Has this process stand still: time goes on, and no timer fires before it is over.</summary>
    public void StandStill(TimeSpan time)
    {
        _stoodStill += time;
        Advance(TimeSpan.Zero);
    }

    /// <summary>Sets the clock forward or back: no time passes, and no timer fires.</summary>
    public void Step(TimeSpan by) => _stepped += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _stepped;

    // The base counts both from the clock.
    public override long GetTimestamp() => base.GetTimestamp() + (_stoodStill - _stepped).Ticks;

    /// <summary>Moves time to the end of every short wait that begins, until a task is done.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        await RunAsync((Task)task);
        return await task;
    }

    /// <summary>Moves time to the end of every short wait that begins, until a task is done.</summary>
    public async Task RunAsync(Task task)
    {
        await RunAsync(task, TimeSpan.MaxValue);
        await task;
    }

    /// <summary>Moves time to the end of every short wait that begins, until a task is done or so much time has passed.</summary>
    public async Task RunAsync(Task task, TimeSpan time)
    {
        var start = base.GetUtcNow();
        while (IsUnderWay())
        {
            await Task.WhenAny(task, _armed.Reader.WaitToReadAsync().AsTask());
            while (IsUnderWay() && _armed.Reader.TryRead(out var due))
            {
                Advance(due);
            }
        }

        bool IsUnderWay() => !task.IsCompleted && base.GetUtcNow() - start < time;
    }
}

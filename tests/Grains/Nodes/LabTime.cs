using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>A clock that stands still until it is moved, and that can end every short wait as soon as it begins.</summary>
internal sealed class LabTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    // The waits of the things under test are shorter; the period of the store's clock and a write's time-out are longer.
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

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

    /// <summary>Moves time to the end of every short wait that begins, until a task is done.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, _armed.Reader.WaitToReadAsync().AsTask());
            while (!task.IsCompleted && _armed.Reader.TryRead(out var due))
            {
                Advance(due);
            }
        }

        return await task;
    }
}

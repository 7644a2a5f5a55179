using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Testing.Tests.Networks;

/// <summary>A fake clock that tells of every wait that begins.</summary>
internal sealed class ArmedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Waits for the next wait to begin, and returns how long it is.</summary>
    public ValueTask<TimeSpan> ArmedAsync() => _armed.Reader.ReadAsync();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _armed.Writer.TryWrite(dueTime);
        return timer;
    }
}

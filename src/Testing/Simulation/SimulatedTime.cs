namespace FaultTolerance.Testing.Simulation;

/// <summary>The monotonic clock of one machine: it runs a little too fast or too slow, and nobody sets it.</summary>
/// <param name="timeline">True time.</param>
/// <param name="rate">How many of its seconds pass in a true one.</param>
internal sealed class SimulatedTime(Timeline timeline, double rate) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now => timeline.Elapsed * rate;

    public override long GetTimestamp() => Now.Ticks;

    /// <summary>Returns how long a span of this clock truly takes, to the tick that is surely over.</summary>
    public TimeSpan ToTrue(TimeSpan span) => (span / rate) + TimeSpan.FromTicks(1);

    public override DateTimeOffset GetUtcNow() =>
        throw new NotSupportedException("Nothing in a simulation may go by the wall clock of a machine.");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("In a simulation everything that happens later stands on its timeline.");
}

namespace FaultTolerance.Testing.Simulation;

/// <summary>The clock of the store's machine. It runs with virtual time, and somebody may set it forward or back.</summary>
internal sealed class SimulatedClock(Timeline timeline) : TimeProvider
{
    /// <summary>How far the clock has been set, in all.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => timeline.Now + Ahead;

    public override long GetTimestamp() => timeline.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("In a simulation everything that happens later stands on its timeline.");
}

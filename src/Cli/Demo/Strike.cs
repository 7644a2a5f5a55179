using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Demo;

/// <summary>A silo that was struck in the midst of its work.</summary>
/// <param name="Process">The process.</param>
/// <param name="Incarnation">The life that was struck.</param>
/// <param name="At">When, since the start of the run.</param>
/// <param name="StoreTime">When, in the store's time.</param>
/// <param name="Running">How many attempts it had started, by the store, while it stood still.</param>
internal sealed record Strike(SiloProcess Process, NodeIncarnation Incarnation, TimeSpan At, DateTimeOffset StoreTime, int Running)
{
    /// <summary>Gets a value indicating whether it was paused and woken, and was not seen alive again.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Gets the node's name.</summary>
    public string Node => Process.Slot.Name;
}

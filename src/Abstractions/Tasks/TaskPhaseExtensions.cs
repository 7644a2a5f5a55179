namespace FaultTolerance;

/// <summary>Questions about a <see cref="TaskPhase"/>.</summary>
public static class TaskPhaseExtensions
{
    /// <summary>Returns whether the phase is final: nothing but a redrive by hand leads out of it.</summary>
    public static bool IsFinal(this TaskPhase phase) => phase >= TaskPhase.Succeeded;
}

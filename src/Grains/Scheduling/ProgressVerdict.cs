namespace FaultTolerance.Grains.Scheduling;

/// <summary>What became of progress that a handler wanted saved.</summary>
internal enum ProgressVerdict
{
    /// <summary>It is durable.</summary>
    Saved,

    /// <summary>The attempt is not its task's present one any more. Nothing was changed by this save, as far as the handler may rely on it.</summary>
    AttemptOver,

    /// <summary>The store refuses it. What was saved before is still there.</summary>
    NotStorable,
}

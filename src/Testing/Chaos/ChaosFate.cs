namespace FaultTolerance.Testing.Chaos;

/// <summary>What is allowed to follow for the silos that a fault strikes. All others must live, whatever the fault.</summary>
internal enum ChaosFate
{
    /// <summary>They are declared dead, and their work is recovered.</summary>
    MustDie,

    /// <summary>They are declared dead or not.</summary>
    MayDie,

    /// <summary>They live on; a death is a false one.</summary>
    MustLive,

    /// <summary>They leave in order; a death is a false one.</summary>
    MustLeave,
}

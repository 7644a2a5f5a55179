namespace FaultTolerance;

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>The attempt has not ended, as far as anybody has recorded.</summary>
    Running = 0,

    /// <summary>The handler returned and its result was committed.</summary>
    Succeeded = 1,

    /// <summary>The attempt failed; its failure says why.</summary>
    Failed = 2,

    /// <summary>The attempt was given back before its handler started.</summary>
    Released = 3,

    /// <summary>The attempt was cancelled.</summary>
    Cancelled = 4,
}

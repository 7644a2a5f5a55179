namespace FaultTolerance.Cli.Demo;

/// <summary>A silo that the demo killed or paused, and what came of it.</summary>
internal sealed record DemoVictim
{
    public required string Node { get; init; }

    public required KillSignal Signal { get; init; }

    /// <summary>Gets when it happened, since the first submit.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Gets how many attempts it was running then, as history records their loss.</summary>
    public long AttemptsHit { get; init; }

    /// <summary>Gets how long it took until the node was recorded as dead; null when it never was.</summary>
    public TimeSpan? Detection { get; init; }

    /// <summary>Gets how long it took until all of its work was recovered; null when it never was recorded.</summary>
    public TimeSpan? Recovery { get; init; }
}

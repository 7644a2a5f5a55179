namespace FaultTolerance.Cli.Demo;

/// <summary>A silo that the demo killed or paused, and what came of it.</summary>
internal sealed record DemoVictim
{
    public required string Node { get; init; }

    public required KillSignal Signal { get; init; }

    /// <summary>Gets a value indicating whether it may go on in the same life, because nobody was left to find out that it stood still.</summary>
    public bool MayLiveOn { get; init; }

    /// <summary>Gets a value indicating whether it was paused and woken, and was not seen alive again.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Gets when it happened, since the first submit.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Gets how many attempts it was running then, as history records their loss.</summary>
    public long AttemptsHit { get; init; }

    /// <summary>Gets how long it took until the node was recorded as dead; null when it never was.</summary>
    public TimeSpan? Detection { get; init; }

    /// <summary>Gets how long it took until all of its work was recovered; null when it never was recorded.</summary>
    public TimeSpan? Recovery { get; init; }

    /// <summary>Gets what the cluster owes this silo and has not done; null when there is nothing.</summary>
    public string? Complaint => this switch
    {
        { Detection: null, MayLiveOn: false } => $"{Node} was {Verb}, and nobody has recorded its death",
        { Detection: not null, Recovery: null } => $"{Node} was {Verb} and recorded as dead, and its work was never recovered",
        { IsMissing: true } => $"{Node} was paused and woken, and is not back in the cluster",
        _ => null,
    };

    private string Verb => Signal == KillSignal.Kill ? "killed" : "paused";
}

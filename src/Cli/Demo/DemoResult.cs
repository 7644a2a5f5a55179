using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Demo;

/// <summary>What one run of the demo showed.</summary>
internal sealed record DemoResult
{
    /// <summary>Gets what became of the tasks that were acknowledged.</summary>
    public required InvariantsReport Tasks { get; init; }

    /// <summary>Gets a value indicating whether the cluster's manifest is the one that the check computed.</summary>
    public bool ManifestMatches { get; init; }

    /// <summary>Gets where the two manifests differ, or why there is none.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>Gets a value indicating whether files were added, removed, resized or written while the demo ran.</summary>
    public bool InputChanged { get; init; }

    /// <summary>Gets whom the demo was to kill.</summary>
    public KillTarget Kill { get; init; }

    public IReadOnlyList<DemoVictim> Victims { get; init; } = [];

    /// <summary>Gets the time from the first submit to the manifest.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets where data and logs lie; null when they were removed.</summary>
    public string? Data { get; init; }

    public long Retried => Tasks.Retries.Values.Sum();

    public double TasksPerSecond => Elapsed > TimeSpan.Zero ? Tasks.Accepted / Elapsed.TotalSeconds : 0;

    public int ExitCode => this switch
    {
        { Tasks.Holds: false } or { Tasks.Failed: > 0 } or { Tasks.Cancelled: > 0 } => ExitCodes.Wrong,
        _ when Victims.Any(victim => victim.Complaint is not null) => ExitCodes.Wrong, // before all that tells of attempts: an undetected death charges none
        { ManifestMatches: false } => InputChanged ? ExitCodes.InputChanged : ExitCodes.Wrong,
        { Kill: not KillTarget.None } when Victims.Sum(victim => victim.AttemptsHit) == 0 => ExitCodes.ProvedNothing,
        _ => ExitCodes.Right,
    };
}

using System.Text.Json;

namespace FaultTolerance.Cli.Demo;

/// <summary>The one object that <c>demo --json</c> prints. Its fields are a contract.</summary>
internal sealed record DemoJson
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public long Accepted { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long Retried { get; init; }

    public long Lost { get; init; }

    public long CommittedTwice { get; init; }

    public bool ManifestMatches { get; init; }

    /// <summary>Gets the names of the nodes that were killed or paused.</summary>
    public IReadOnlyList<string> Killed { get; init; } = [];

    /// <summary>Gets the longest time until a victim was recorded as dead; null where none was, or one that had to be never was.</summary>
    public double? DetectionSeconds { get; init; }

    /// <summary>Gets the longest time until a victim's work was recovered; null where none was, or that of one that had to be never was.</summary>
    public double? RecoverySeconds { get; init; }

    public double ElapsedSeconds { get; init; }

    public double TasksPerSecond { get; init; }

    /// <summary>Adds up the results of all runs.</summary>
    public static DemoJson Of(IReadOnlyList<DemoResult> runs)
    {
        var victims = runs.SelectMany(run => run.Victims).ToList();
        var dead = victims.Where(victim => !victim.MayLiveOn || victim.Detection is not null).ToList();
        var elapsed = runs.Sum(run => run.Elapsed.TotalSeconds);
        return new DemoJson
        {
            Accepted = runs.Sum(run => run.Tasks.Accepted),
            Succeeded = runs.Sum(run => run.Tasks.Succeeded),
            Failed = runs.Sum(run => run.Tasks.Failed),
            Retried = runs.Sum(run => run.Retried),
            Lost = runs.Sum(run => run.Tasks.Lost),
            CommittedTwice = runs.Sum(run => run.Tasks.CommittedTwice),
            ManifestMatches = runs.All(run => run.ManifestMatches),
            Killed = [.. victims.Select(victim => victim.Node).Distinct()],
            DetectionSeconds = Longest(dead.Select(victim => victim.Detection)),
            RecoverySeconds = Longest(dead.Select(victim => victim.Recovery)),
            ElapsedSeconds = Rounded(elapsed),
            TasksPerSecond = elapsed > 0 ? Rounded(runs.Sum(run => run.Tasks.Accepted) / elapsed) : 0,
        };
    }

    /// <summary>Returns the object as text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, Format);

    private static double? Longest(IEnumerable<TimeSpan?> times)
    {
        var all = times.ToList();
        return all.Count == 0 || all.Contains(null) ? null : Rounded(all.Max()!.Value.TotalSeconds);
    }

    private static double Rounded(double number) => Math.Round(number, 3);
}

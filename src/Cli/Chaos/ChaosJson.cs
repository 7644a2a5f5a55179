using System.Text.Json;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Chaos;

/// <summary>The one object that <c>chaos --json</c> prints. Its fields are a contract. Times are in seconds, null where there is none.</summary>
internal sealed record ChaosJson
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public int Faults { get; init; }

    /// <summary>Gets how many faults there were of each kind; null for one that is not possible here.</summary>
    public IReadOnlyDictionary<string, int?> ByKind { get; init; } = new Dictionary<string, int?>();

    public long Accepted { get; init; }

    public long Succeeded { get; init; }

    /// <summary>Gets how many tasks have ended without a result: the load cancels none, so that a cancelled one is none of its doing.</summary>
    public long Failed { get; init; }

    public long Lost { get; init; }

    public long CommittedTwice { get; init; }

    /// <summary>Gets how many tasks have a history that cannot be: attempts missing or twice, or without an end.</summary>
    public long BrokenHistories { get; init; }

    /// <summary>Gets how many results were not what they had to be.</summary>
    public long WrongResults { get; init; }

    public int FalseDeaths { get; init; }

    /// <summary>Gets how many slots were still held a minute after all work was done; null where the cluster did not answer any more.</summary>
    public int? LeakedSlots { get; init; }

    public double? DetectionP50 { get; init; }

    public double? DetectionP99 { get; init; }

    /// <summary>Gets how long it took until the first attempt of a victim's work was started again.</summary>
    public double? RestartP50 { get; init; }

    public double? RestartP99 { get; init; }

    /// <summary>Gets how long it took until all of a victim's attempts were started again.</summary>
    public double? AllRestartedP50 { get; init; }

    public double? AllRestartedP99 { get; init; }

    /// <summary>Gets what should have followed a fault and did not.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public int Seed { get; init; }

    public double ElapsedSeconds { get; init; }

    public static ChaosJson Of(ChaosResult run)
    {
        var (detections, restarts) = (run.Detections.ToList(), run.Restarts.Values);
        return new ChaosJson
        {
            Faults = run.Faults.Count,
            ByKind = Enum.GetValues<ChaosKind>().ToDictionary(
                ChaosNames.Of, kind => run.LeftOut.ContainsKey(kind) ? (int?)null : run.Faults.Count(fault => fault.Fault.Kind == kind)),
            Accepted = run.Tasks.Accepted,
            Succeeded = run.Tasks.Succeeded,
            Failed = run.Tasks.Failed + run.Tasks.Cancelled,
            Lost = run.Tasks.Lost,
            CommittedTwice = run.Tasks.CommittedTwice,
            BrokenHistories = run.Tasks.BrokenHistories,
            WrongResults = run.WrongResults,
            FalseDeaths = run.FalseDeaths,
            LeakedSlots = run.LeakedSlots,
            DetectionP50 = Seconds(Percentile.Of(detections, 0.5)),
            DetectionP99 = Seconds(Percentile.Of(detections, 0.99)),
            RestartP50 = Seconds(Percentile.Of(restarts.Select(restart => restart.First), 0.5)),
            RestartP99 = Seconds(Percentile.Of(restarts.Select(restart => restart.First), 0.99)),
            AllRestartedP50 = Seconds(Percentile.Of(restarts.Select(restart => restart.All), 0.5)),
            AllRestartedP99 = Seconds(Percentile.Of(restarts.Select(restart => restart.All), 0.99)),
            Problems = [.. run.Faults.Where(fault => fault.Problem is not null).Select(fault => $"fault {fault.Fault.Number}, {ChaosNames.Of(fault.Fault.Kind)}: {fault.Problem}")],
            Seed = run.Seed,
            ElapsedSeconds = Math.Round(run.Elapsed.TotalSeconds, 3),
        };
    }

    /// <summary>Returns the object as text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, Format);

    private static double? Seconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds, 3) : null;
}

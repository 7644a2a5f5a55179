using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Chaos;

/// <summary>What a chaos run showed.</summary>
internal sealed record ChaosResult
{
    public required int Seed { get; init; }

    /// <summary>Gets what became of the tasks that were acknowledged.</summary>
    public required InvariantsReport Tasks { get; init; }

    public IReadOnlyList<ChaosRecord> Faults { get; init; } = [];

    /// <summary>Gets the kinds that were asked for and not possible here, each with the reason.</summary>
    public IReadOnlyDictionary<ChaosKind, string> LeftOut { get; init; } = new Dictionary<ChaosKind, string>();

    /// <summary>Gets how soon the work of lives that were struck was started again.</summary>
    public IReadOnlyDictionary<NodeIncarnation, RestartTime> Restarts { get; init; } = new Dictionary<NodeIncarnation, RestartTime>();

    /// <summary>Gets how many results were not what they had to be.</summary>
    public long WrongResults { get; init; }

    /// <summary>Gets those of them that the cluster denied and the rows do not, in words.</summary>
    public IReadOnlyList<string> DeniedResults { get; init; } = [];

    /// <summary>Gets how many slots were still held a minute after all work was done; null where the cluster did not answer any more.</summary>
    public int? LeakedSlots { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets where data and logs lie; null when they were removed, or are those of a cluster that goes on.</summary>
    public string? Data { get; init; }

    /// <summary>Gets the nodes that were declared dead after the last fault although nothing explains it.</summary>
    public IReadOnlyList<string> LateDeaths { get; init; } = [];

    public int FalseDeaths => Faults.Sum(fault => fault.FalseDeaths.Count) + LateDeaths.Count;

    /// <summary>Gets how long it took until each death was recorded that a fault had to lead to.</summary>
    public IEnumerable<TimeSpan> Detections => Faults
        .Where(fault => fault.Fault.Fate == ChaosFate.MustDie)
        .SelectMany(fault => fault.Struck)
        .Select(strike => strike.Detection)
        .OfType<TimeSpan>();

    public int ExitCode => this switch
    {
        { Tasks.Holds: false } or { Tasks.Failed: > 0 } or { Tasks.Cancelled: > 0 } => ExitCodes.Wrong,
        { WrongResults: > 0 } or { FalseDeaths: > 0 } or { LeakedSlots: not 0 } => ExitCodes.Wrong,
        _ when Faults.Any(fault => fault.Problem is not null) => ExitCodes.Wrong,
        { Tasks.Accepted: 0 } => ExitCodes.ProvedNothing,
        { Restarts.Count: 0 } when Faults.Any(fault => fault.Fault.Fate == ChaosFate.MustDie) => ExitCodes.ProvedNothing,
        _ => ExitCodes.Right,
    };
}

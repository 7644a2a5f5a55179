using System.Globalization;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What came of one run.</summary>
internal sealed record SimulationReport
{
    /// <summary>The environment variable that names the one seed to run.</summary>
    public const string SeedVariable = "FT_SIMULATION_SEED";

    /// <summary>The environment variable that says how many seeds to run, from 1.</summary>
    public const string SeedsVariable = "FT_SIMULATION_SEEDS";

    /// <summary>The environment variable that makes each run one of a thousand nodes and a hundred thousand attempts when it is set.</summary>
    public const string BigVariable = "FT_SIMULATION_BIG";

    /// <summary>The environment variable that names the one call at which the walks let something go wrong.</summary>
    public const string CallVariable = "FT_SIMULATION_CALL";

    /// <summary>The environment variable that has every step printed when it is set.</summary>
    public const string TraceVariable = "FT_SIMULATION_TRACE";

    public required int Seed { get; init; }

    public required long Steps { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required ulong TraceHash { get; init; }

    /// <summary>What was broken; null when everything held.</summary>
    public required string? Violation { get; init; }

    /// <summary>The last steps that led to the violation.</summary>
    public required IReadOnlyList<string> Trace { get; init; }

    public required int Accepted { get; init; }

    public required int Succeeded { get; init; }

    public required int Failed { get; init; }

    public required int Cancelled { get; init; }

    /// <summary>How many attempts were made beyond each task's first.</summary>
    public required int Retries { get; init; }

    /// <summary>How many attempts were started.</summary>
    public required int Attempts { get; init; }

    /// <summary>How many nodes were declared dead.</summary>
    public required int Deaths { get; init; }

    /// <summary>How many calls the pipelines made to the store.</summary>
    public required int Calls { get; init; }

    public required SimulatedFaults Faults { get; init; }

    public bool IsClean => Violation is null;

    /// <summary>How to run the same again.</summary>
    public required string Replay { get; init; }

    /// <summary>The command that repeats a run whose options are drawn from its seed.</summary>
    public static string ReplayOf(int seed, bool isBig) =>
        $"{(isBig ? $"{BigVariable}=1 " : "")}{SeedVariable}={seed} dotnet test tests/Simulation --filter No_seed_breaks";

    public override string ToString()
    {
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"seed {Seed}: {Steps:N0} steps, {Elapsed.TotalSeconds:F0} s, {Accepted} accepted, {Succeeded} succeeded, {Failed} failed, {Cancelled} cancelled, {Retries} retries, {Faults}");
        return IsClean ? summary : $"{summary}\n{Violation}\nRun it again: {Replay}\nRead every step: {TraceVariable}=1 {Replay}\n{string.Join('\n', Trace)}";
    }
}

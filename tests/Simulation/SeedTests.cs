using System.Globalization;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests;

/// <summary>Whole clusters in virtual time, seed after seed: whatever goes wrong, the invariants hold.</summary>
/// <remarks>
/// One seed alone: <c>FT_SIMULATION_SEED=N dotnet test tests/Simulation --filter No_seed_breaks</c>; with <c>FT_SIMULATION_TRACE=1</c>
/// every step is printed. More seeds than the fixed ones: <c>FT_SIMULATION_SEEDS=100000</c>. A thousand nodes: <c>FT_SIMULATION_BIG=1</c>.
/// </remarks>
public sealed class SeedTests(ITestOutputHelper output)
{
    /// <summary>The seeds that always run. They are the same everywhere: a failure here is a failure there.</summary>
    internal static IEnumerable<int> Fixed => Enumerable.Range(1, 500);

    [Fact]
    public void No_seed_breaks_an_invariant()
    {
        var isPrinting = Environment.GetEnvironmentVariable(SimulationReport.TraceVariable) is not null;
        var isBig = Environment.GetEnvironmentVariable(SimulationReport.BigVariable) is not null;
        var figures = new SimulationFigures();
        foreach (var seed in Chosen(isBig))
        {
            var report = SimulationRun.Of(seed, options => (isBig ? SimulationOptions.Big : options) with { Print = isPrinting ? output.WriteLine : null });

            figures.Add(report);
            Assert.True(report.IsClean, report.ToString());
        }

        output.WriteLine(figures.ToString());
    }

    [Fact]
    public void Every_kind_of_fault_happens_and_most_work_succeeds_all_the_same()
    {
        var reports = Fixed.Take(60).Select(seed => SimulationRun.Of(seed)).ToList();

        Assert.All(
            new Func<SimulationReport, int>[]
            {
                report => report.Faults.Crashes,
                report => report.Faults.Pauses,
                report => report.Faults.Outages,
                report => report.Faults.Drains,
                report => report.Faults.CallsFailed,
                report => report.Faults.MessagesLost,
                report => report.Faults.MessagesDoubled,
                report => report.Faults.NodesEnded,
                report => report.Retries,
                report => report.Cancelled,
                report => report.Failed,
            },
            count => Assert.True(reports.Sum(count) >= 50));
        Assert.All(
            new Func<SimulationReport, int>[]
            {
                report => report.Faults.Splits,
                report => report.Faults.ClockSteps,
                report => report.Faults.Breaks,
                report => report.Faults.Quarantines,
                report => report.Faults.Accusations,
                report => report.Faults.Suspicions,
                report => report.Faults.GoneOn,
            },
            count => Assert.True(reports.Sum(count) >= 10));
        Assert.True(reports.Sum(report => report.Succeeded) > reports.Sum(report => report.Accepted) / 2);
    }

    private static IEnumerable<int> Chosen(bool isBig) =>
        Environment.GetEnvironmentVariable(SimulationReport.SeedVariable) is { } one ? [int.Parse(one, CultureInfo.InvariantCulture)]
        : Environment.GetEnvironmentVariable(SimulationReport.SeedsVariable) is { } many ? Enumerable.Range(1, int.Parse(many, CultureInfo.InvariantCulture))
        : isBig ? [1]
        : Fixed;
}

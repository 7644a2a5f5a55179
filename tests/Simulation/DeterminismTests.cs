using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests;

public sealed class DeterminismTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(42)]
    [InlineData(4711)]
    public void The_same_seed_gives_the_same_run_step_for_step(int seed)
    {
        var (once, again) = (SimulationRun.Of(seed), SimulationRun.Of(seed));

        Assert.Equal((once.TraceHash, once.Steps), (again.TraceHash, again.Steps));
    }

    [Fact]
    public void Other_seeds_give_other_runs() =>
        Assert.Equal(20, Enumerable.Range(1, 20).Select(seed => SimulationRun.Of(seed).TraceHash).Distinct().Count());

    [Fact]
    public void A_run_that_is_printed_is_the_same_run()
    {
        var lines = new List<string>();

        var printed = SimulationRun.Of(7, options => options with { Print = lines.Add });

        Assert.Equal(SimulationRun.Of(7).TraceHash, printed.TraceHash);
        Assert.Contains(lines, line => line.Contains("claims task", StringComparison.Ordinal));
    }

    [Fact]
    public void A_violation_is_told_with_its_seed_its_last_steps_and_the_command_that_repeats_it()
    {
        var report = SimulationRun.Of(3, SimulationOptions.Calm with { Engine = engine => new PlantedBugs.EarlyWakeEngine(engine), Groups = 30 });

        Assert.False(report.IsClean);
        Assert.Contains("FT_SIMULATION_SEED=3 dotnet test tests/Simulation --filter No_seed_breaks", report.ToString(), StringComparison.Ordinal);
        Assert.Contains(report.Trace, line => line.Contains("starts task", StringComparison.Ordinal));
    }
}

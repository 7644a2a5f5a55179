using System.Text.RegularExpressions;
using FaultTolerance.Simulation.Tests.PlantedBugs;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests;

/// <summary>The simulator is worth something only if it finds bugs: each of these is found within the fixed seeds, which are clean without it.</summary>
public sealed class PlantedBugTests
{
    [Fact]
    public void A_store_without_the_fence_is_found() =>
        Find(["The attempt of a task fell", "A task went from", "A task became final twice"], engine => new UnfencedEngine(engine));

    [Fact]
    public void A_store_in_which_an_older_save_takes_the_place_of_a_newer_one_is_found() =>
        Find([@"Attempt \d+ starts at progress "], engine => new UntokenedEngine(engine));

    [Fact]
    public void A_wake_before_the_commit_is_found() =>
        Find(["A task started while task"], engine => new EarlyWakeEngine(engine));

    [Fact]
    public void A_dependent_that_does_not_look_is_found() =>
        Find(["A task was left Waiting"], engine => new BlindEngine(engine));

    [Fact]
    public void A_zombies_claim_that_nobody_sweeps_is_found() =>
        Find(["A task was left Running"], engine => new UnsweptEngine(engine));

    [Fact]
    public void A_recovery_that_takes_rows_from_the_living_is_found() =>
        Find(["The attempt of a task fell", "A task went from"], engine => new UnownedRecoveryEngine(engine));

    [Fact]
    public void A_lease_that_is_counted_from_the_answer_is_found() =>
        Find(["A handler started on", @"Node [\w-]+, life \w+, lets task \w+ run on although its lease has ended"], options => options with { CountLeaseFrom = (_, answered) => answered });

    [Fact]
    public void A_guard_that_condemns_right_after_an_outage_is_found() =>
        Find([@"Node [\w-]+, life \w+, was declared dead although "], options => options with { MayCondemn = _ => true });

    private static void Find(string[] violations, Func<IStorageEngine, IStorageEngine> plant) =>
        Find(violations, options => options with { Engine = plant });

    private static void Find(string[] violations, Func<SimulationOptions, SimulationOptions> plant)
    {
        var found = SeedTests.Fixed
            .Select(seed => SimulationRun.Of(seed, plant))
            .FirstOrDefault(report => !report.IsClean);

        Assert.NotNull(found);
        Assert.True(violations.Any(violation => Regex.IsMatch(found.Violation!, $"^{violation}")), found.ToString());
        Assert.True(SimulationRun.Of(found.Seed).IsClean);
    }
}

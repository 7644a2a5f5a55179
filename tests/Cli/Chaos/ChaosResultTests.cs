using FaultTolerance.Cli.Chaos;
using FaultTolerance.Testing.Chaos;
using Spectre.Console;
using Spectre.Console.Testing;

namespace FaultTolerance.Cli.Tests.Chaos;

public sealed class ChaosResultTests
{
    [Fact]
    public void The_object_has_exactly_these_fields()
    {
        const string expected =
            """
            {
              "faults": 2,
              "byKind": {
                "kill": 1,
                "killMost": 0,
                "killAll": 0,
                "killDetector": 0,
                "pauseShort": 1,
                "pauseAround": 0,
                "pauseLong": 0,
                "terminate": 0,
                "drain": 0,
                "storeStop": null,
                "storeFreeze": null,
                "storeRestart": null,
                "networkCut": null,
                "networkOneWay": null,
                "networkPeers": null,
                "networkStore": null,
                "networkLoss": null,
                "networkBlackout": null
              },
              "accepted": 500,
              "succeeded": 500,
              "failed": 0,
              "lost": 0,
              "committedTwice": 0,
              "brokenHistories": 0,
              "wrongResults": 0,
              "falseDeaths": 0,
              "leakedSlots": 0,
              "detectionP50": 0.25,
              "detectionP99": 0.25,
              "restartP50": 0.5,
              "restartP99": 0.5,
              "allRestartedP50": 1.5,
              "allRestartedP99": 1.5,
              "problems": [],
              "seed": 42,
              "elapsedSeconds": 20
            }
            """;

        Assert.Equal(expected, ChaosJson.Of(ChaosRuns.Right).ToText());
    }

    [Fact]
    public void False_deaths_are_those_of_the_faults_and_those_after_the_last_one() =>
        Assert.Equal(2, ChaosJson.Of(ChaosRuns.Right with { Faults = [ChaosRuns.Paused with { FalseDeaths = ["silo-1"] }], LateDeaths = ["silo-2"] }).FalseDeaths);

    [Fact]
    public void A_cancelled_task_has_no_result_and_is_one_that_failed() =>
        Assert.Equal(3, ChaosJson.Of(ChaosRuns.Right with { Tasks = ChaosRuns.Right.Tasks with { Failed = 1, Cancelled = 2 } }).Failed);

    [Fact]
    public void Without_a_death_there_are_no_times()
    {
        var json = ChaosJson.Of(ChaosRuns.Right with { Faults = [ChaosRuns.Paused], Restarts = new Dictionary<NodeIncarnation, RestartTime>() });

        Assert.Equal((null, null, null, null), (json.DetectionP50, json.DetectionP99, json.RestartP50, json.RestartP99));
    }

    [Fact]
    public void Whatever_is_wrong_has_the_exit_code_for_it()
    {
        var right = ChaosRuns.Right;

        Assert.Equal(ExitCodes.Right, right.ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { Tasks = right.Tasks with { Lost = 1 } }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { Tasks = right.Tasks with { CommittedTwice = 1 } }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { Tasks = right.Tasks with { Failed = 1 } }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { WrongResults = 1 }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { LeakedSlots = 1 }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { LeakedSlots = null }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { Faults = [ChaosRuns.Paused with { FalseDeaths = ["silo-1"] }] }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { LateDeaths = ["silo-1"] }).ExitCode);
        Assert.Equal(ExitCodes.Wrong, (right with { Faults = [ChaosRuns.Killed with { Problem = "It hangs." }] }).ExitCode);
    }

    [Fact]
    public void A_run_that_hit_nothing_proves_nothing()
    {
        var missed = ChaosRuns.Right with { Restarts = new Dictionary<NodeIncarnation, RestartTime>() };

        Assert.Equal(ExitCodes.ProvedNothing, missed.ExitCode);
        Assert.Equal(ExitCodes.Right, (missed with { Faults = [ChaosRuns.Paused] }).ExitCode); // nobody was to be hit
    }

    [Fact]
    public void The_report_shows_what_was_done_what_was_left_out_and_the_seed()
    {
        using var console = new TestConsole().Width(200);

        console.Write(ChaosReport.Draw(ChaosRuns.Right));

        Assert.Contains("2: kill 1, pauseShort 1", console.Output, StringComparison.Ordinal);
        Assert.Contains("networkBlackout: There is none.", console.Output, StringComparison.Ordinal);
        Assert.Contains("--seed 42", console.Output, StringComparison.Ordinal);
        Assert.Contains("Right: nothing was lost", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_names_what_did_not_follow()
    {
        using var console = new TestConsole().Width(200);

        console.Write(ChaosReport.Draw(ChaosRuns.Right with { Faults = [ChaosRuns.Killed with { Problem = "It hangs [still]." }] }));

        Assert.Contains("fault 1, kill: It hangs [still].", console.Output, StringComparison.Ordinal);
        Assert.Contains("WRONG", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_names_who_was_declared_dead_falsely_and_when_and_some_of_many_histories()
    {
        using var console = new TestConsole().Width(200);
        var tasks = ChaosRuns.Right.Tasks with { BrokenHistories = 6, BrokenExamples = ["a: one", "b", "c", "d", "e [5]", "f"] };

        console.Write(ChaosReport.Draw(ChaosRuns.Right with { Tasks = tasks, Faults = [ChaosRuns.Paused with { FalseDeaths = ["silo-1"] }], LateDeaths = ["silo-2"] }));

        Assert.Matches(@"false deaths +2: silo-1 \(by the end of fault 2\); silo-2 \(after the last fault\)", console.Output);
        Assert.Matches(@"broken histories +6: a: one; b; c; d; e \[5\]; …", console.Output);
    }
}

using FaultTolerance.Cli.Demo;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class DemoJsonTests
{
    [Fact]
    public void The_object_has_exactly_these_fields()
    {
        const string expected =
            """
            {
              "accepted": 4000,
              "succeeded": 4000,
              "failed": 0,
              "retried": 7,
              "lost": 0,
              "committedTwice": 0,
              "manifestMatches": true,
              "killed": [
                "silo-2"
              ],
              "detectionSeconds": 1.25,
              "recoverySeconds": 1.5,
              "elapsedSeconds": 8,
              "tasksPerSecond": 500
            }
            """;

        Assert.Equal(expected, DemoJson.Of([Runs.Right]).ToText());
    }

    [Fact]
    public void Without_a_victim_there_is_no_detection_and_no_recovery()
    {
        var json = DemoJson.Of([Runs.Right with { Victims = [] }]);

        Assert.Equal((null, null), (json.DetectionSeconds, json.RecoverySeconds));
        Assert.Empty(json.Killed);
        Assert.Contains("\"detectionSeconds\": null", json.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_over_the_victims_counts()
    {
        var slow = Runs.Victim with { Node = "silo-3", Detection = TimeSpan.FromSeconds(6.0004), Recovery = TimeSpan.FromSeconds(7) };

        var json = DemoJson.Of([Runs.Right with { Victims = [slow, Runs.Victim] }]);

        Assert.Equal((6.0, 7.0), (json.DetectionSeconds, json.RecoverySeconds));
        Assert.Equal(["silo-3", "silo-2"], json.Killed);
    }

    [Fact]
    public void A_victim_whose_recovery_nobody_recorded_leaves_no_figure()
    {
        var json = DemoJson.Of([Runs.Right with { Victims = [Runs.Victim, Runs.Victim with { Recovery = null }] }]);

        Assert.Equal((1.25, null), (json.DetectionSeconds, json.RecoverySeconds));
    }

    [Fact]
    public void A_paused_victim_that_lived_on_hides_no_figure_of_the_others()
    {
        var livedOn = Runs.Victim with { Node = "silo-1", Signal = KillSignal.Pause, MayLiveOn = true, Detection = null, Recovery = null };

        var json = DemoJson.Of([Runs.Right with { Victims = [livedOn, Runs.Victim with { Signal = KillSignal.Pause, MayLiveOn = true }] }]);

        Assert.Equal((1.25, 1.5), (json.DetectionSeconds, json.RecoverySeconds));
        Assert.Equal(["silo-1", "silo-2"], json.Killed);
    }

    [Fact]
    public void A_paused_victim_that_had_to_be_found_and_was_not_leaves_no_figure()
    {
        var unseen = Runs.Victim with { Signal = KillSignal.Pause, Detection = null, Recovery = null };

        var json = DemoJson.Of([Runs.Right, Runs.Right with { Victims = [unseen] }]);

        Assert.Equal((null, null), (json.DetectionSeconds, json.RecoverySeconds));
    }

    [Fact]
    public void Many_runs_are_added_up_and_one_wrong_manifest_is_a_wrong_one()
    {
        var wrong = Runs.Right with { ManifestMatches = false, Tasks = Runs.Tasks with { Lost = 2 }, Elapsed = TimeSpan.FromSeconds(2) };

        var json = DemoJson.Of([Runs.Right, wrong]);

        Assert.Equal((8_000, 14, 2, false), (json.Accepted, json.Retried, json.Lost, json.ManifestMatches));
        Assert.Equal((10.0, 800.0), (json.ElapsedSeconds, json.TasksPerSecond));
    }
}

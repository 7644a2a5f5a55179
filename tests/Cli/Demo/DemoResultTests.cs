using FaultTolerance.Cli.Demo;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class DemoResultTests
{
    [Fact]
    public void A_run_that_lost_a_silo_and_nothing_else_is_right() => Assert.Equal(0, Runs.Right.ExitCode);

    [Fact]
    public void A_run_without_a_kill_is_right_without_a_victim() =>
        Assert.Equal(0, (Runs.Right with { Kill = KillTarget.None, Victims = [] }).ExitCode);

    [Fact]
    public void A_lost_task_is_wrong() => Assert.Equal(1, (Runs.Right with { Tasks = Runs.Tasks with { Lost = 1 } }).ExitCode);

    [Fact]
    public void An_outcome_committed_twice_is_wrong() =>
        Assert.Equal(1, (Runs.Right with { Tasks = Runs.Tasks with { CommittedTwice = 1 } }).ExitCode);

    [Fact]
    public void A_failed_task_is_wrong() => Assert.Equal(1, (Runs.Right with { Tasks = Runs.Tasks with { Failed = 1 } }).ExitCode);

    [Fact]
    public void A_cancelled_task_is_wrong() => Assert.Equal(1, (Runs.Right with { Tasks = Runs.Tasks with { Cancelled = 1 } }).ExitCode);

    [Fact]
    public void Another_manifest_is_wrong() => Assert.Equal(1, (Runs.Right with { ManifestMatches = false }).ExitCode);

    [Fact]
    public void Another_manifest_of_a_folder_that_changed_says_so() =>
        Assert.Equal(4, (Runs.Right with { ManifestMatches = false, InputChanged = true }).ExitCode);

    [Fact]
    public void A_folder_that_changed_without_changing_the_manifest_hurts_nobody() =>
        Assert.Equal(0, (Runs.Right with { InputChanged = true }).ExitCode);

    [Fact]
    public void A_lost_task_is_wrong_whatever_became_of_the_folder() =>
        Assert.Equal(1, (Runs.Right with { Tasks = Runs.Tasks with { Lost = 1 }, ManifestMatches = false, InputChanged = true }).ExitCode);

    [Fact]
    public void A_kill_that_hit_no_attempt_proves_nothing() =>
        Assert.Equal(3, (Runs.Right with { Victims = [Runs.Victim with { AttemptsHit = 0 }] }).ExitCode);

    [Fact]
    public void A_kill_that_never_came_proves_nothing() => Assert.Equal(3, (Runs.Right with { Victims = [] }).ExitCode);

    [Fact]
    public void A_wrong_result_is_wrong_even_when_no_attempt_was_hit() =>
        Assert.Equal(1, (Runs.Right with { ManifestMatches = false, Victims = [] }).ExitCode);

    [Theory]
    [InlineData("Kill")]
    [InlineData("Pause")]
    public void A_victim_whose_death_nobody_recorded_is_wrong(string signal) =>
        Assert.Equal(1, After(Victim(signal) with { Detection = null, Recovery = null }).ExitCode);

    [Theory]
    [InlineData("Kill", false)]
    [InlineData("Pause", false)]
    [InlineData("Pause", true)]
    public void A_victim_that_was_recorded_as_dead_and_whose_work_nobody_took_over_is_wrong(string signal, bool mayLiveOn) =>
        Assert.Equal(1, After(Victim(signal) with { MayLiveOn = mayLiveOn, Recovery = null }).ExitCode);

    [Fact]
    public void A_death_that_nobody_recorded_is_wrong_although_no_attempt_was_charged_with_it() =>
        Assert.Equal(1, After(Victim("Kill") with { AttemptsHit = 0, Detection = null, Recovery = null }).ExitCode);

    [Fact]
    public void A_paused_victim_that_lived_on_is_right_where_nobody_was_left_to_find_it_out() =>
        Assert.Equal(0, After(Victim("Pause") with { MayLiveOn = true, Detection = null, Recovery = null }).ExitCode);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_paused_victim_that_does_not_come_back_is_wrong(bool mayLiveOn) =>
        Assert.Equal(1, After(Victim("Pause") with { MayLiveOn = mayLiveOn, IsMissing = true }).ExitCode);

    [Theory]
    [InlineData("One", "Kill", 3, false)]
    [InlineData("All", "Kill", 3, false)]
    [InlineData("One", "Pause", 3, false)]
    [InlineData("One", "Pause", 1, true)]
    [InlineData("All", "Pause", 3, true)]
    public void Whoever_is_struck_may_live_on_only_where_all_stand_still_together(string kill, string signal, int silos, bool expected)
    {
        var options = new DemoOptions { Folder = "", Silos = silos, Kill = Enum.Parse<KillTarget>(kill), Signal = Enum.Parse<KillSignal>(signal) };

        Assert.Equal(expected, options.MayLiveOn);
    }

    [Fact]
    public void The_rate_counts_what_was_accepted_over_the_time_that_it_took() => Assert.Equal(500, Runs.Right.TasksPerSecond);

    private static DemoVictim Victim(string signal) => Runs.Victim with { Signal = Enum.Parse<KillSignal>(signal) };

    private static DemoResult After(DemoVictim victim) => Runs.Right with { Victims = [victim] };
}

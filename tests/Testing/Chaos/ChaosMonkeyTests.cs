using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Tests.Chaos;

/// <summary>That each death that no fault explains is counted once, whenever it comes.</summary>
public sealed class ChaosMonkeyTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(4);

    private static readonly ChaosFault Pause = new(1, ChaosKind.PauseShort, [0], TimeSpan.FromSeconds(2), null);

    private static readonly ChaosFault Kill = new(2, ChaosKind.Kill, [0], TimeSpan.Zero, null);

    private readonly FakeSite _site = new();
    private readonly FakeWitness _witness = new();
    private readonly ChaosMonkey _monkey;

    public ChaosMonkeyTests() => _monkey = new ChaosMonkey(_site, _witness, Tolerance, _site.Time);

    [Fact]
    public async Task Whoever_was_dead_before_the_first_fault_is_known()
    {
        _site.Lives.End("silo-1");

        Assert.Empty(await RunAsync(Pause));
    }

    [Fact]
    public async Task A_cluster_has_to_be_whole_before_the_first_fault()
    {
        Assert.Null(await _monkey.FindWrongAsync(CancellationToken.None));

        _site.Lives.End("silo-2", NodePhase.Left);
        _site.Lives.Silence("silo-2");

        Assert.Equal("a lease is not renewed, or a node has two lives", await _monkey.FindWrongAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_death_that_a_fault_has_to_lead_to_is_not_false()
    {
        DieOf("kill silo-1", "silo-1");

        Assert.Empty(await RunAsync(Pause, Kill));
        Assert.Empty(await _monkey.JudgeRestAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_death_while_a_fault_lasts_that_it_does_not_explain_is_false()
    {
        DieOf("pause silo-1", "silo-2");

        Assert.Equal(["silo-2"], await RunAsync(Pause, Kill with { Victims = [] }));
    }

    [Theory]
    [InlineData("silo-1", 0)]
    [InlineData(null, 1)]
    public async Task A_node_that_was_ended_in_a_short_pause_has_died_falsely_unless_it_stood_still_with_a_lock(string? holder, int falseDeaths)
    {
        _site.LockHolder = holder;
        DieOf("resume silo-1", "silo-1");
        _site.On += act => _site.Ended = act == "resume silo-1" ? "silo-1" : null;

        var record = Assert.Single(await _monkey.RunAsync([Pause], CancellationToken.None));

        Assert.Equal((falseDeaths, falseDeaths == 0), (record.FalseDeaths.Count, record.WasEnded));
    }

    [Fact]
    public async Task A_death_between_two_faults_is_false()
    {
        _witness.AfterFault = number => Die(number == Pause.Number, "silo-2");

        Assert.Equal(["silo-2"], await RunAsync(Pause, Pause with { Number = 2 }));
    }

    [Fact]
    public async Task A_death_of_a_victim_before_it_is_struck_is_false()
    {
        _site.Lives.BeforeTasks = () => Die(true, "silo-1");
        DieOf("kill silo-1", "silo-1");

        Assert.Equal(["silo-1"], await RunAsync(Kill));
    }

    [Fact]
    public async Task A_death_after_the_last_fault_is_false_and_counted_once()
    {
        Assert.Empty(await RunAsync(Pause));
        _site.Lives.End("silo-1");

        Assert.Equal(["silo-1"], await _monkey.JudgeRestAsync(CancellationToken.None));
        Assert.Empty(await _monkey.JudgeRestAsync(CancellationToken.None));
        Assert.Equal(["silo-1"], _witness.FalseDeaths);
    }

    [Fact]
    public async Task Whoever_has_outlived_a_fault_that_may_kill_does_not_die_of_it_any_more()
    {
        Assert.Empty(await RunAsync(Pause with { Kind = ChaosKind.PauseAround }));
        _site.Lives.End("silo-1");

        Assert.Equal(["silo-1"], await _monkey.JudgeRestAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_death_that_comes_too_late_is_a_problem_and_no_false_one_for_the_cluster_was_not_whole_before_it()
    {
        _site.On = _ => _site.Lives.Silence("silo-1");

        var record = Assert.Single(await _monkey.RunAsync([Kill, Pause], CancellationToken.None));
        _site.Lives.End("silo-1");
        _site.Lives.End("silo-2");

        Assert.True(record.IsBroken);
        Assert.Empty(record.FalseDeaths);
        Assert.Equal(["silo-2"], await _monkey.JudgeRestAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_while_it_waits_for_what_follows_leaves_nothing_undone()
    {
        using var cancel = new CancellationTokenSource();
        _site.On = act => _site.Lives.BeforeNodes = cancel.Cancel;
        var cut = new ChaosFault(1, ChaosKind.NetworkCut, [0], TimeSpan.Zero, new NetworkFault());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _monkey.RunAsync([cut], cancel.Token));

        Assert.Equal(["cut silo-1", "heal"], _site.Acts);
    }

    /// <summary>Carries out a plan, and returns the false deaths that its records have, of which the witness was told.</summary>
    private async Task<IEnumerable<string>> RunAsync(params ChaosFault[] plan)
    {
        var records = await _monkey.RunAsync(plan, CancellationToken.None);
        var found = records.SelectMany(record => record.FalseDeaths).ToList();
        Assert.All(records, record => Assert.Null(record.Problem));
        Assert.Equal(found, _witness.FalseDeaths);
        return found;
    }

    /// <summary>Has a node declared dead at the look at the nodes that comes after an act.</summary>
    private void DieOf(string act, string node) => _site.On = done => Die(done == act, node);

    private void Die(bool isTrue, string node)
    {
        if (isTrue)
        {
            _site.Lives.BeforeTasks = static () => { };
            _site.Lives.End(node);
        }
    }
}

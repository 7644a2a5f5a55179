using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Testing.Tests.Chaos;

public sealed class ChaosVerdictTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string[] Nodes = ["silo-1", "silo-2"];

    [Fact]
    public void A_cluster_is_whole_when_every_node_has_renewed_its_lease_since()
    {
        var before = new[] { Life(1, "silo-1"), Life(2, "silo-2") };
        var renewed = before.Select(life => life with { LeaseEnds = life.LeaseEnds.AddSeconds(1) }).ToList();

        Assert.True(ChaosVerdict.IsWhole(Nodes, before, renewed));
        Assert.False(ChaosVerdict.IsWhole(Nodes, before, before));
        Assert.False(ChaosVerdict.IsWhole(Nodes, before, [renewed[0]]));
        Assert.False(ChaosVerdict.IsWhole(Nodes, before, [renewed[0], renewed[1] with { Phase = NodePhase.Joining }]));
        Assert.False(ChaosVerdict.IsWhole(Nodes, before, [.. renewed, Life(3, "silo-2")]));
    }

    [Fact]
    public void A_cluster_is_not_whole_before_the_work_of_the_dead_is_recovered()
    {
        var now = new[] { Life(1, "silo-1"), Life(3, "silo-2"), Dead(2, "silo-2") with { Recovered = null } };

        Assert.False(ChaosVerdict.IsWhole(Nodes, [], now));
        Assert.True(ChaosVerdict.IsWhole(Nodes, [], [now[0], now[1], Dead(2, "silo-2")]));
    }

    [Fact]
    public void What_keeps_a_cluster_from_being_whole_is_said()
    {
        Assert.Equal("silo-2 does not run", ChaosVerdict.WhyNotWhole(Nodes, [Life(1, "silo-1")]));
        Assert.Equal(
            "silo-2 is quarantined, silo-3 is none of its silos, the work of silo-1 is not recovered yet",
            ChaosVerdict.WhyNotWhole(
                Nodes, [Life(1, "silo-1"), Life(2, "silo-2") with { Phase = NodePhase.Quarantined }, Life(3, "silo-3"), Dead(4, "silo-1") with { Recovered = null }]));
        Assert.Equal("a lease is not renewed, or a node has two lives", ChaosVerdict.WhyNotWhole(Nodes, [Life(1, "silo-1"), Life(2, "silo-2")]));
    }

    [Fact]
    public void A_death_is_met_when_it_is_recovered_and_a_leave_is_no_death()
    {
        Assert.True(ChaosVerdict.HasMet(ChaosFate.MustDie, Dead(1, "silo-1")));
        Assert.False(ChaosVerdict.HasMet(ChaosFate.MustDie, Dead(1, "silo-1") with { Recovered = null }));
        Assert.False(ChaosVerdict.HasMet(ChaosFate.MustDie, Life(1, "silo-1")));
        Assert.False(ChaosVerdict.HasMet(ChaosFate.MustDie, null));
        Assert.True(ChaosVerdict.HasMet(ChaosFate.MustLeave, Life(1, "silo-1") with { Phase = NodePhase.Left, Ended = Start }));
        Assert.False(ChaosVerdict.HasMet(ChaosFate.MustLeave, Dead(1, "silo-1")));
    }

    [Fact]
    public void Deaths_that_the_fault_does_not_explain_are_false()
    {
        var now = new[] { Dead(1, "silo-1"), Dead(2, "silo-2"), Dead(3, "silo-1") with { Joined = Start.AddSeconds(9) }, Dead(4, "silo-2") };
        HashSet<NodeIncarnation> known = [new(4)];

        Assert.Equal(["silo-2", "silo-1"], ChaosVerdict.FalseDeaths(known, now, ["silo-1"], healed: Start.AddSeconds(5)));
        Assert.Equal(["silo-1", "silo-2", "silo-1"], ChaosVerdict.FalseDeaths(known, now, [], healed: Start.AddSeconds(5)));
    }

    [Fact]
    public void Slots_are_held_by_what_runs_by_handlers_that_do_not_stop_and_by_nodes_that_are_not_heard()
    {
        NodeSnapshot[] nodes =
        [
            Heard(8, running: 2, hung: 1),
            Heard(8, running: 0, hung: 0),
            Heard(8, running: 0, hung: 0) with { HeardAt = Start },
            Heard(8, running: 0, hung: 0) with { Heartbeat = null, HeardAt = null },
            Heard(8, running: 5, hung: 5) with { EndedAt = Start },
        ];

        Assert.Equal(2 + 1 + 8 + 8, ChaosVerdict.HeldSlots(nodes, Start, hasOtherWork: false));
        Assert.Equal(1 + 8 + 8, ChaosVerdict.HeldSlots(nodes, Start, hasOtherWork: true));
        Assert.Equal(0, ChaosVerdict.HeldSlots(nodes[1..2], Start, hasOtherWork: false));
    }

    [Fact]
    public void Work_is_restarted_when_the_attempt_after_the_lost_one_starts()
    {
        var strike = new ChaosStrike("silo-1", new NodeIncarnation(1), Start);
        AttemptRecord[][] histories =
        [
            [Lost(1, 1), Attempt(2, 2, startedAfter: 3)],
            [Lost(1, 1), Attempt(2, 2, startedAfter: 5)],
            [Lost(1, 7), Attempt(2, 2, startedAfter: 1)],
            [Attempt(1, 1, startedAfter: 1), Attempt(2, 2, startedAfter: 2)],
            [Lost(1, 1)],
        ];

        var restart = Assert.Single(RestartTimes.Find(histories, [strike]));

        Assert.Equal(strike.Incarnation, restart.Key);
        Assert.Equal(new RestartTime(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5), 2), restart.Value);
    }

    [Fact]
    public void Percentiles_are_times_that_were_measured()
    {
        var times = Enumerable.Range(1, 200).Select(i => TimeSpan.FromSeconds(i)).ToList();

        Assert.Equal((TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(198)), (Percentile.Of(times, 0.5), Percentile.Of(times, 0.99)));
        Assert.Equal(TimeSpan.FromSeconds(1), Percentile.Of([TimeSpan.FromSeconds(1)], 0.99));
        Assert.Null(Percentile.Of([], 0.5));
    }

    private static NodeRow Life(long incarnation, string name) => new()
    {
        Incarnation = new NodeIncarnation(incarnation),
        Name = name,
        Phase = NodePhase.Alive,
        Joined = Start,
        LeaseEnds = Start.AddSeconds(6),
    };

    private static NodeRow Dead(long incarnation, string name) =>
        Life(incarnation, name) with { Phase = NodePhase.Dead, Ended = Start.AddSeconds(1), Recovered = Start.AddSeconds(2) };

    private static AttemptRecord Attempt(int number, long incarnation, double startedAfter) => new()
    {
        Number = number,
        Node = "silo",
        Incarnation = new NodeIncarnation(incarnation),
        ClaimedAt = Start,
        StartedAt = Start.AddSeconds(startedAfter),
    };

    private static AttemptRecord Lost(int number, long incarnation) => Attempt(number, incarnation, 0) with
    {
        Failure = new TaskFailure { Kind = FailureKind.Crash, Message = "gone" },
    };

    private static NodeSnapshot Heard(int slots, int running, int hung)
    {
        var info = new NodeInfo { Name = "silo-1", Incarnation = new NodeIncarnation(1), Address = SiloAddress.Zero, Slots = slots };
        return new NodeSnapshot { Info = info, HeardAt = Start.AddSeconds(1), Heartbeat = new NodeHeartbeat { Node = info, Running = running, Hung = hung } };
    }
}

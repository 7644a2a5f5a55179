using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Tests.Nodes;

public sealed class NodeLifecycleTests
{
    private static readonly NodeEvent[] Events =
    [
        new NodeActivated(), new NodeSuspected(), new NodeVerified(), new QuarantineOrdered(), new QuarantineLifted(),
        new DrainOrdered(), new NodeDeparted(), new NodeDied(),
    ];

    /// <summary>Every event in every phase that is stored: what the node becomes, or why it stays as it is.</summary>
    public static TheoryData<string, string, string> Table
    {
        get
        {
            var table = new TheoryData<string, string, string>();
            string[][] rows =
            [
                //             Joining      Alive         Quarantined  Draining    Left     Dead
                ["Activated", "Alive", "AlreadySo", "AlreadySo", "AlreadySo", "Ended", "Ended"],
                ["Suspected", "Joining?", "Alive?", "Quarantined?", "Draining?", "Ended", "Ended"],
                ["Verified", "AlreadySo", "AlreadySo", "AlreadySo", "AlreadySo", "Ended", "Ended"],
                ["QuarantineOrdered", "TooEarly", "Quarantined", "AlreadySo", "AlreadySo", "Ended", "Ended"],
                ["QuarantineLifted", "AlreadySo", "AlreadySo", "Alive", "AlreadySo", "Ended", "Ended"],
                ["DrainOrdered", "Left", "Draining", "Draining", "AlreadySo", "Ended", "Ended"],
                ["Departed", "Left", "Left", "Left", "Left", "Ended", "Ended"],
                ["Died", "Dead", "Dead", "Dead", "Dead", "Ended", "Ended"],
            ];
            NodePhase[] phases = [NodePhase.Joining, NodePhase.Alive, NodePhase.Quarantined, NodePhase.Draining, NodePhase.Left, NodePhase.Dead];
            foreach (var row in rows)
            {
                for (var i = 0; i < phases.Length; i++)
                {
                    table.Add(row[0], phases[i].ToString(), row[i + 1]);
                }
            }

            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_event_in_every_phase_has_its_answer(string happened, string phase, string expected)
    {
        var before = new NodeState(Enum.Parse<NodePhase>(phase));

        var transition = NodeLifecycle.Apply(before, EventNamed(happened));

        Assert.Equal(expected, Told(before, transition));
    }

    [Fact]
    public void The_table_holds_every_event_and_every_stored_phase()
    {
        var types = typeof(NodeEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(NodeEvent)));

        Assert.Equal(types.ToHashSet(), Events.Select(happened => happened.GetType()).ToHashSet());
        Assert.Equal(Events.Length * (Enum.GetValues<NodePhase>().Length - 1), Table.Count);
    }

    [Fact]
    public void A_suspected_node_is_shown_as_such_and_is_alive_again_once_it_answers()
    {
        var suspected = NodeLifecycle.Apply(new NodeState(NodePhase.Alive), new NodeSuspected()).State;

        Assert.Equal(NodePhase.Suspected, suspected.Shown);
        Assert.Equal(NodeVerdict.AlreadySo, NodeLifecycle.Apply(suspected, new NodeSuspected()).Verdict);
        Assert.Equal(NodePhase.Alive, NodeLifecycle.Apply(suspected, new NodeVerified()).State.Shown);
    }

    [Theory]
    [InlineData(NodePhase.Joining)]
    [InlineData(NodePhase.Quarantined)]
    [InlineData(NodePhase.Draining)]
    public void A_suspicion_hides_no_phase_that_says_more(NodePhase phase) =>
        Assert.Equal(phase, new NodeState(phase, IsSuspected: true).Shown);

    [Fact]
    public void A_node_that_dies_or_leaves_is_no_longer_suspected()
    {
        var suspected = new NodeState(NodePhase.Draining, IsSuspected: true);

        Assert.Equal(new NodeState(NodePhase.Dead), NodeLifecycle.Apply(suspected, new NodeDied()).State);
        Assert.Equal(new NodeState(NodePhase.Left), NodeLifecycle.Apply(suspected, new NodeDeparted()).State);
    }

    [Fact]
    public void A_suspected_node_stays_suspected_while_it_moves_on()
    {
        var suspected = new NodeState(NodePhase.Alive, IsSuspected: true);

        Assert.Equal(new NodeState(NodePhase.Draining, IsSuspected: true), NodeLifecycle.Apply(suspected, new DrainOrdered()).State);
    }

    private static NodeEvent EventNamed(string name) => Events.Single(happened => happened.GetType().Name is var type && (type == name || type == $"Node{name}"));

    private static string Told(NodeState before, NodeTransition transition)
    {
        if (!transition.IsChange)
        {
            Assert.Equal(before, transition.State);
            return transition.Verdict.ToString();
        }

        Assert.NotEqual(before, transition.State);
        return $"{transition.State.Phase}{(transition.State.IsSuspected ? "?" : "")}";
    }
}

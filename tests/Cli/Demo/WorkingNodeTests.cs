using System.Net;
using FaultTolerance.Cli.Demo;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class WorkingNodeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NodeIncarnation First = NodeIncarnation.New(Now, 1);
    private static readonly NodeIncarnation Second = NodeIncarnation.New(Now, 2);

    private readonly TaskRow[] _running = [Row(1, First), Row(2, First), Row(3, First), Row(4, Second)];

    [Fact]
    public void What_a_node_owns_counts_as_started_unless_it_was_named_as_waiting() =>
        Assert.Equal(
            [new WorkingNode("one", First, 1), new WorkingNode("two", Second, 1)],
            WorkingNode.Of([Node("one", First, Id(1), Id(2), Id(9)), Node("two", Second)], _running));

    [Fact]
    public void A_node_whose_attempts_all_wait_has_started_none() =>
        Assert.Equal([new WorkingNode("one", First, 0)], WorkingNode.Of([Node("one", First, Id(1), Id(2), Id(3))], _running));

    [Theory]
    [InlineData(NodePhase.Joining)]
    [InlineData(NodePhase.Draining)]
    [InlineData(NodePhase.Dead)]
    public void A_node_that_is_not_alive_works_on_nothing(NodePhase phase)
    {
        var node = Node("one", First);

        Assert.Empty(WorkingNode.Of([node with { Row = node.Row with { Phase = phase } }], _running));
    }

    private static TaskId Id(int number) => TaskId.Parse($"00000000-0000-0000-0000-{number:D12}");

    private static TaskRow Row(int number, NodeIncarnation owner) =>
        new() { Id = Id(number), Phase = TaskPhase.Running, Attempt = 1, Owner = owner, Handler = "files.digest/1", Spec = [] };

    private static KnownNode Node(string name, NodeIncarnation incarnation, params TaskId[] waiting) => new(
        new NodeRow { Incarnation = incarnation, Name = name, Phase = NodePhase.Alive },
        new NodeRecord
        {
            Info = new NodeInfo { Name = name, Incarnation = incarnation, Address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), 1), Slots = 2 },
            Waiting = waiting,
        });
}

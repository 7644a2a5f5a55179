using System.Net;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>Makes nodes to reason about.</summary>
internal static class NodeFacts
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public const string Machine = "boot-1/pid:[1]";

    public static NodeIncarnation Life(int number) => NodeIncarnation.New(Now, number);

    public static NodeInfo Info(int number, string machine = Machine, string address = "10.0.0.1", int generation = 1) => new()
    {
        Name = $"node-{number}",
        Incarnation = Life(number),
        Address = SiloAddress.New(new IPEndPoint(IPAddress.Parse(address), 11_110 + number), generation),
        Slots = 4,
        Machine = machine,
        ProcessId = 1_000 + number,
        ProcessStart = 50_000 + number,
    };

    public static KnownNode Node(int number, NodePhase phase = NodePhase.Alive, double leaseFor = 5) =>
        Node(Info(number), phase, leaseFor);

    public static KnownNode Node(NodeInfo info, NodePhase phase = NodePhase.Alive, double leaseFor = 5) => new(
        new NodeRow
        {
            Incarnation = info.Incarnation,
            Name = info.Name,
            Phase = phase,
            Joined = Now.AddMinutes(-1),
            LeaseEnds = Now.AddSeconds(leaseFor),
            Ended = phase >= NodePhase.Left ? Now.AddSeconds(-1) : null,
        },
        new NodeRecord { Info = info });
}

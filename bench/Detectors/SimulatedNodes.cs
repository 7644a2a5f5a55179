using System.Net;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Bench.Detectors;

/// <summary>Nodes that exist only by their heartbeats and rows, which arrive as they do from other processes: each is an object of its own.</summary>
internal sealed class SimulatedNodes
{
    private const int Handlers = 10;
    private const int Waiting = 8;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Serializer<NodeHeartbeat> _heartbeats;
    private readonly Serializer<NodeRecord> _records;
    private readonly byte[][] _templates;
    private readonly byte[][][] _infos;

    public SimulatedNodes(int count)
    {
        var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        (_heartbeats, _records) = (services.GetRequiredService<Serializer<NodeHeartbeat>>(), services.GetRequiredService<Serializer<NodeRecord>>());
        Incarnations = [.. Enumerable.Range(0, count).Select(LifeOf)];
        _templates = [.. Enumerable.Range(0, count).Select(number => _heartbeats.SerializeToArray(HeartbeatOf(number)))];
        _infos = [.. Enumerable.Range(1, 2).Select(waiting => Enumerable.Range(0, count).Select(number => _records.SerializeToArray(RecordOf(number, waiting))).ToArray())];
    }

    /// <summary>Gets the lives.</summary>
    public IReadOnlyList<NodeIncarnation> Incarnations { get; }

    /// <summary>Gets what reads the rows.</summary>
    public Serializer<NodeRecord> Records => _records;

    /// <summary>Returns one heartbeat of each node, the attempts of which have gone on since the one before.</summary>
    public List<NodeHeartbeat> Beat(long sequence) => [.. _templates.Select(template => Advance(_heartbeats.Deserialize(template)!, sequence))];

    /// <summary>Returns the rows of all nodes; those of an odd and those of an even number differ in what they say.</summary>
    public List<NodeRow> Rows(int number) =>
    [
        .. Incarnations.Select((life, index) => new NodeRow
        {
            Incarnation = life,
            Name = NameOf(index),
            Phase = NodePhase.Alive,
            Joined = Start,
            LeaseEnds = Start.AddSeconds(number),
            Info = [.. _infos[number % 2][index]],
        }),
    ];

    private static NodeHeartbeat Advance(NodeHeartbeat heartbeat, long sequence) => heartbeat with
    {
        Sequence = sequence,
        Ended = [.. heartbeat.Ended.Select(tally => tally with { Succeeded = tally.Succeeded + (10 * sequence), Failed = tally.Failed + (sequence / 10) })],
    };

    private static NodeHeartbeat HeartbeatOf(int number) => new()
    {
        Node = InfoOf(number),
        Phase = NodePhase.Alive,
        Running = Waiting,
        Waiting = TasksOf(number, Waiting),
        PoolDelay = TimeSpan.FromMilliseconds(1),
        Ended = [.. NamesOfHandlers().Select(handler => new HandlerTally(handler, 0, 0))],
    };

    private static NodeRecord RecordOf(int number, int waiting) => new() { Info = InfoOf(number), Waiting = TasksOf(number, waiting * Waiting) };

    private static NodeInfo InfoOf(int number) => new()
    {
        Name = NameOf(number),
        Incarnation = LifeOf(number),
        Address = SiloAddress.New(new IPEndPoint(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 11_111), 1 + number),
        Slots = Waiting,
        Machine = $"7b6a9c1e-3f3e-4b55-9b0c-{number:d12}/pid:[4026531836]",
        ProcessId = 1_000 + number,
        ProcessStart = 50_000 + number,
        Handlers = NamesOfHandlers(),
        Version = "1.0.0",
    };

    private static List<string> NamesOfHandlers() => [.. Enumerable.Range(0, Handlers).Select(handler => $"simulated.handler-{handler}@1")];

    private static List<TaskId> TasksOf(int number, int count) => [.. Enumerable.Range(0, count).Select(task => new TaskId(new Guid(number, 0, 0, BitConverter.GetBytes((long)task))))];

    private static NodeIncarnation LifeOf(int number) => NodeIncarnation.New(Start.AddMilliseconds(number), number);

    private static string NameOf(int number) => $"node-{number}";
}

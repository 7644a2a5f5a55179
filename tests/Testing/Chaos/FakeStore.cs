using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Testing.Tests.Chaos;

/// <summary>A store in which nodes live and die as a test says. Who lives has always just renewed its lease, and each look takes a second.</summary>
internal sealed class FakeStore(FakeTime time) : SimulatedStore(InMemoryStore.CreateEngine(time), ClockOf(time), new Random(1))
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    private readonly List<NodeRow> _lives = [];
    private readonly HashSet<NodeIncarnation> _silent = [];

    /// <summary>Gets or sets what happens before the next look at the nodes.</summary>
    public Action BeforeNodes { get; set; } = static () => { };

    /// <summary>Gets or sets what happens before the next look at the tasks.</summary>
    public Action BeforeTasks { get; set; } = static () => { };

    /// <summary>Begins a life of a node.</summary>
    public void Join(string node) => _lives.Add(new NodeRow
    {
        Incarnation = new NodeIncarnation(_lives.Count + 1),
        Name = node,
        Phase = NodePhase.Alive,
        Joined = Now,
    });

    /// <summary>Has a node's life renew its lease no more.</summary>
    public void Silence(string node) => _silent.Add(_lives.Single(life => life.Name == node && life.Ended is null).Incarnation);

    /// <summary>Ends the life of a node, which comes back at once: it is declared dead, or has left.</summary>
    public void End(string node, NodePhase phase = NodePhase.Dead)
    {
        var place = _lives.FindIndex(life => life.Name == node && life.Ended is null);
        _lives[place] = _lives[place] with { Phase = phase, Ended = Now, Recovered = phase == NodePhase.Dead ? Now : null };
        time.Advance(Look);
        Join(node);
    }

    public override Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken)
    {
        time.Advance(Look);
        BeforeNodes();
        return Task.FromResult<IReadOnlyList<NodeRow>>([.. _lives.Select(life => IsRenewed(life) ? life with { LeaseEnds = Now + Lease } : life)]);
    }

    public override Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        time.Advance(Look);
        BeforeTasks();
        return base.ListAsync(query, cancellationToken);
    }

    private bool IsRenewed(NodeRow life) => life.Ended is null && !_silent.Contains(life.Incarnation);

    private static StoreClock ClockOf(FakeTime time)
    {
        var clock = new StoreClock(time);
        Assert.True(clock.ReadAsync(InMemoryStore.CreateEngine(time), CancellationToken.None).IsCompletedSuccessfully);
        return clock;
    }
}

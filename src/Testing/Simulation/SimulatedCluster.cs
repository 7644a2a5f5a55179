using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Everything that one run is made of.</summary>
internal sealed class SimulatedCluster
{
    /// <summary>A word that is sent to all may be lost; in a large cluster it goes to so many.</summary>
    private const int MaxHinted = 32;

    private readonly Dictionary<NodeIncarnation, SimulatedNode> _lives = [];
    private readonly Dictionary<NodeIncarnation, KnownNode> _read = [];
    private readonly HashSet<NodeIncarnation> _provedGone = [];

    public SimulatedCluster(int seed, SimulationOptions options)
    {
        Options = options;
        Random = new Random(seed);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Timeline = new Timeline(start);
        StoreClock = new SimulatedClock(Timeline);
        Trace = new SimulationTrace(Timeline, options.Print);
        Network = new SimulatedNetwork(Timeline, Random, options, Faults);
        Workload = new SimulatedWorkload(Random, start);
        Invariants = new SimulationInvariants(
            Timeline, Network.BackAt, options, new TaskBudgets(Services.Codec, id => Workload.Scripts[id].Spec.Retry ?? Retry));
        Engine = options.Engine(new WatchedEngine(InMemoryStore.CreateEngine(StoreClock), Invariants));
        PipelineOptions = new TaskPipelineOptions { Slots = options.Slots, PrefetchFactor = options.PrefetchFactor, Retry = Retry };
        Machines = [.. Enumerable.Range(1, options.Machines).Select(number => new SimulatedMachine(this, $"machine-{number}"))];
        Quarantine.IsAutomatic = options.Quarantines;
    }

    public SimulationOptions Options { get; }

    public NodeDetectionOptions Detection => Options.Detection;

    /// <summary>As in a silo, but quicker: what takes minutes there is to happen within a run.</summary>
    public QuarantineOptions Quarantine { get; } = new()
    {
        MinAttempts = 5,
        Window = TimeSpan.FromSeconds(10),
        BaseTime = TimeSpan.FromSeconds(5),
        MaxTime = TimeSpan.FromSeconds(20),
        ReturnStep = TimeSpan.FromSeconds(2),
    };

    public SimulatedServices Services { get; } = SimulatedServices.Instance;

    public Random Random { get; }

    public Timeline Timeline { get; }

    /// <summary>The clock of the store's machine.</summary>
    public SimulatedClock StoreClock { get; }

    public SimulationTrace Trace { get; }

    public SimulationInvariants Invariants { get; }

    public IStorageEngine Engine { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedWorkload Workload { get; }

    public SimulatedOrders Orders { get; } = new();

    public SimulatedFaults Faults { get; } = new();

    public TaskPipelineOptions PipelineOptions { get; }

    public TaskRetryPolicy Retry { get; } = new() { DelayBase = TimeSpan.FromMilliseconds(100), Jitter = 0.5, MaxDelay = TimeSpan.FromSeconds(5) };

    public IReadOnlyList<SimulatedMachine> Machines { get; }

    /// <summary>The failure detector where it is active; null before the first heartbeat.</summary>
    public SimulatedDetector? Detector { get; private set; }

    /// <summary>The dead of whom others can prove that they are.</summary>
    public IReadOnlyCollection<NodeIncarnation> ProvedGone => _provedGone;

    public static long OperationOf(PipelineEffect effect) => effect switch
    {
        InsertTasks e => e.Operation,
        ClaimTasks e => e.Operation,
        ListOwned e => e.Operation,
        CommitTasks e => e.Operation,
        LookAtDependencies e => e.Operation,
        ResolveEdges e => e.Operation,
        WakeTasks e => e.Operation,
        _ => throw new InvalidOperationException($"{effect.GetType().Name} is no call to the store."),
    };

    public void Started(SimulatedNode node)
    {
        _lives.Add(node.Incarnation, node);
        Invariants.Lives.Joined(node);
        foreach (var other in Machines.Select(machine => machine.Node).OfType<SimulatedNode>().Where(other => other != node))
        {
            Network.Send(node.Machine, other.Machine, () => other.Receive(() => other.Agent.HearOf(node.Info)));
        }
    }

    /// <summary>Returns the process of a life, if it is still there.</summary>
    public SimulatedNode? Find(NodeIncarnation incarnation) => _lives.GetValueOrDefault(incarnation);

    /// <summary>Returns a node that takes calls; null when none is found.</summary>
    public SimulatedNode? AnyServing()
    {
        for (var tries = 0; tries < 20; tries++)
        {
            if (Machines[Random.Next(Machines.Count)] is { IsServing: true } machine)
            {
                return machine.Node;
            }
        }

        return null;
    }

    /// <summary>Whether others can prove that a process is gone; of half of the dead they can.</summary>
    public bool IsProvedGone(NodeIncarnation incarnation) => _provedGone.Contains(incarnation);

    /// <summary>Whether a node that looks now is refused where another one listened: it reaches the machine, and nothing listens there any more.</summary>
    public bool IsRefused(SimulatedNode node, PeerToAsk peer) =>
        IsProvedGone(peer.Incarnation) && Network.IsOpen(node.Machine, peer.Name) && Machines.All(machine => machine.Name != peer.Name || !machine.IsServing);

    /// <summary>Reads a node's row, each row once.</summary>
    public KnownNode Read(NodeRow row)
    {
        if (!_read.TryGetValue(row.Incarnation, out var known) || !ReferenceEquals(known.Row, row))
        {
            var record = known is not null && ReferenceEquals(known.Row.Info, row.Info) ? known.Record : Services.Records.Deserialize(row.Info)!;
            _read[row.Incarnation] = known = new KnownNode(row, record);
        }

        return known;
    }

    /// <summary>Returns the failure detector. When its process is gone, or its life has ended, it begins anew on another node.</summary>
    public SimulatedDetector? FindDetector()
    {
        if (Detector is { Node.IsServing: true } && Invariants.Lives.HasEnded(Detector.Node.Incarnation) is false)
        {
            return Detector;
        }

        if (AnyServing() is { } node)
        {
            Trace.Add("becomes the detector", node.Machine);
            Detector = new SimulatedDetector(node, this);
            node.Begin(Detector.CheckAsync);
        }

        return Detector;
    }

    /// <summary>Tells a node that there is an order for it.</summary>
    public void TellOfOrder(SimulatedNode from, NodeIncarnation to)
    {
        if (Find(to) is { } node)
        {
            Network.Send(from.Machine, node.Machine, () => node.Receive(() => node.Begin(node.Agent.LookForOrderAsync)));
        }
    }

    public void Ended(SimulatedNode node)
    {
        Faults.Crashes++;
        Trace.Add("is gone", node.Machine);
        _lives.Remove(node.Incarnation);
        if (Random.Next(2) == 0)
        {
            _provedGone.Add(node.Incarnation);
        }

        node.Home.RestartSoon();
    }

    public void HintPeersOf(SimulatedNode node)
    {
        var first = Machines.Count <= MaxHinted ? 0 : Random.Next(Machines.Count);
        for (var i = 0; i < Math.Min(Machines.Count, MaxHinted); i++)
        {
            if (Machines[(first + i) % Machines.Count] is { IsServing: true } machine && machine.Node != node)
            {
                var peer = machine.Node!;
                Network.Send(node.Machine, peer.Machine, () => peer.Receive(() => peer.Post(new QueueHinted())));
            }
        }
    }

    public void TraceCall(SimulatedNode node, PipelineEffect effect, PipelineEvent answer)
    {
        switch (effect, answer)
        {
            case (InsertTasks e, TasksInserted answered):
                for (var i = 0; i < e.Tasks.Count; i++)
                {
                    Trace.Add("inserts", node.Machine, e.Tasks[i].State.Id, e.Tasks[i].State.Attempt, (long)answered.Results[i].Status);
                }

                break;
            case (ClaimTasks or ListOwned, TasksClaimed answered):
                foreach (var task in answered.Tasks)
                {
                    Trace.Add(effect is ClaimTasks ? "claims" : "lists", node.Machine, task.Id, task.Attempt);
                }

                break;
            case (CommitTasks e, TasksCommitted answered):
                for (var i = 0; i < e.Commits.Count; i++)
                {
                    Trace.Add(answered.Applied[i] ? "commits" : "commits in vain", node.Machine, e.Commits[i].After.Id, e.Commits[i].After.Attempt, (long)e.Commits[i].After.Phase);
                }

                break;
            case (_, TasksWoken answered):
                foreach (var task in answered.Woken)
                {
                    Trace.Add("wakes", node.Machine, task);
                }

                break;
        }
    }
}

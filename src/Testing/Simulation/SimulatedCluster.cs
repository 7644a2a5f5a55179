using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Everything that one run is made of.</summary>
internal sealed class SimulatedCluster
{
    private readonly Dictionary<NodeIncarnation, SimulatedNode> _lives = [];
    private readonly HashSet<NodeIncarnation> _provedGone = [];

    public SimulatedCluster(int seed, SimulationOptions options)
    {
        Options = options;
        Random = new Random(seed);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Timeline = new Timeline(start);
        Trace = new SimulationTrace(Timeline, options.Print);
        Invariants = new SimulationInvariants(Timeline);
        Engine = options.Engine(new WatchedEngine(InMemoryStore.CreateEngine(Timeline.Clock), Invariants));
        Network = new SimulatedNetwork(Timeline, Random, options, Faults);
        Workload = new SimulatedWorkload(Random, start);
        PipelineOptions = new TaskPipelineOptions { Slots = options.Slots, PrefetchFactor = options.PrefetchFactor, Retry = Retry };
        Machines = [.. Enumerable.Range(1, options.Machines).Select(number => new SimulatedMachine(this, $"machine-{number}"))];
    }

    public SimulationOptions Options { get; }

    public SimulatedServices Services { get; } = SimulatedServices.Instance;

    public Random Random { get; }

    public Timeline Timeline { get; }

    public SimulationTrace Trace { get; }

    public SimulationInvariants Invariants { get; }

    public IStorageEngine Engine { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedWorkload Workload { get; }

    public SimulatedFaults Faults { get; } = new();

    public TaskPipelineOptions PipelineOptions { get; }

    public TaskRetryPolicy Retry { get; } = new() { DelayBase = TimeSpan.FromMilliseconds(100), Jitter = 0.5, MaxDelay = TimeSpan.FromSeconds(5) };

    public IReadOnlyList<SimulatedMachine> Machines { get; }

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

    public void Started(SimulatedNode node) => _lives.Add(node.Incarnation, node);

    /// <summary>Returns the process of a life, if it is still there.</summary>
    public SimulatedNode? Find(NodeIncarnation incarnation) => _lives.GetValueOrDefault(incarnation);

    /// <summary>Whether others can prove that a process is gone; of half of the dead they can.</summary>
    public bool IsProvedGone(NodeIncarnation incarnation) => _provedGone.Contains(incarnation);

    public void Ended(SimulatedNode node)
    {
        Faults.Crashes++;
        Trace.Add("is gone", node.Machine);
        _lives.Remove(node.Incarnation);
        if (Random.Next(2) == 0)
        {
            _provedGone.Add(node.Incarnation);
        }

        Machines.First(machine => machine.Name == node.Machine).RestartSoon();
    }

    public void HintPeersOf(SimulatedNode node)
    {
        foreach (var machine in Machines.Where(machine => machine.IsServing && machine.Name != node.Machine))
        {
            var peer = machine.Node!;
            Network.Send(() => peer.Receive(() => peer.Post(new QueueHinted())));
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

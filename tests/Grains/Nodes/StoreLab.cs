using System.Diagnostics.Metrics;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>A store in memory with a clock that the test moves, and what nodes, detection and recovery are made of.</summary>
internal sealed class StoreLab : IAsyncDisposable
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private StoreLab(LabTime time, FaultyEngine engine, IDurableStore store, NodeDetectionOptions detection)
    {
        (Time, Engine, Store, Detection) = (time, engine, store, detection);
        Clock = new MonotonicClock(time);
        Directory = new NodeDirectory(Serializer<NodeRecord>(), NullLogger<NodeDirectory>.Instance);
        IncidentInstruments = new IncidentInstruments(Meters);
        IncidentLog = new IncidentLog(store, Serializer<IncidentSnapshot>(), IncidentInstruments, Self, Logs.For<IncidentLog>());
        Incidents = new NodeIncidents(store, IncidentLog);
        Guard = new CondemnationGuard(Detection.LeaseLength);
        Storage = new StorageWatch(store, Guard, Clock, Options.Create(Detection));
        Codec = new TaskRowCodec(Serializer<TaskSpec>(), Serializer<TaskLife>(), Options.Create(new StoreOptions()));
        Instruments = new TaskInstruments(Meters);
        Reader = new TaskReader(store, Codec);
    }

    private NodeHealth? _health;

    public LabTime Time { get; }

    public FaultyEngine Engine { get; }

    public IDurableStore Store { get; }

    public MonotonicClock Clock { get; }

    public NodeDirectory Directory { get; }

    public RecordedLogs Logs { get; } = new();

    public RecordedTouches Touches { get; } = new();

    public IncidentInstruments IncidentInstruments { get; }

    public IncidentLog IncidentLog { get; }

    public NodeIncidents Incidents { get; }

    public CondemnationGuard Guard { get; }

    public StorageWatch Storage { get; }

    public TaskRowCodec Codec { get; }

    public TaskReader Reader { get; }

    /// <summary>The node on which the things under test run.</summary>
    public LocalNode Self { get; } = new(Info(9));

    public NodeDetectionOptions Detection { get; }

    public RecoveryOptions Recovery { get; } = new();

    public QuarantineOptions Quarantine { get; } = new();

    public TaskPipelineOptions Pipelines { get; } = new();

    public FakePipeline Pipeline { get; } = new();

    public RecordedVoids Voids { get; } = new();

    public IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    public TaskInstruments Instruments { get; }

    public FakeProver Prover { get; } = new();

    public FakePeers Peers { get; } = new();

    public FakeProcessEnd ProcessEnd { get; } = new();

    public FakeMembership Membership { get; } = new();

    public RecordedEvents Events { get; } = new();

    /// <summary>Opens a lab.</summary>
    /// <param name="detection">How nodes are detected. A lease of five seconds, unless something else is said, makes the tests' sums easy.</param>
    public static async Task<StoreLab> OpenAsync(NodeDetectionOptions? detection = null)
    {
        var time = new LabTime(Now);
        var engine = new FaultyEngine(InMemoryStore.CreateEngine(time));
        var store = await DurableStoreFactory.OpenAsync(engine, timeProvider: time, seed: 42);
        return new StoreLab(time, engine, store, detection ?? new NodeDetectionOptions { LeaseLength = TimeSpan.FromSeconds(5) });
    }

    public static Serializer<T> Serializer<T>() => Services.GetRequiredService<Serializer<T>>();

    /// <summary>Closes the store. A write that it repeats in vain comes to its end: time passes for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Time.RunAsync(CloseAsync());

        async Task<bool> CloseAsync()
        {
            await Store.DisposeAsync();
            return true;
        }
    }

    /// <summary>Somebody sets the store's clock. On return half a minute has passed, and the store of this process knows.</summary>
    public async Task SetStoreClockAsync(TimeSpan by)
    {
        var steps = Store.ClockSteps;
        Time.Step(by);
        for (Pass(30); Store.ClockSteps == steps;)
        {
            await Task.Yield(); // the reading that is due is under way
        }
    }

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>From now on lets time pass with each page of tasks that is read.</summary>
    public void EachPageTakes(double seconds) => Engine.Plan = call =>
    {
        if (call.Operation == nameof(ITaskRows.ListAsync))
        {
            Pass(seconds);
        }

        return InjectedFault.None;
    };

    public NodeAgent Agent() => new(
        Self, Store, Pipeline, Guard, Peers, ProcessEnd, Events, Serializer<NodeRecord>(), Clock, Options.Create(Detection), Options.Create(Quarantine), Time, NullLogger<NodeAgent>.Instance);

    /// <param name="tell">Tells a node that there is an order; nobody when omitted.</param>
    public NodeOrders Orders(Func<SiloAddress, Task>? tell = null) =>
        new(Store, tell ?? (_ => Task.CompletedTask), Serializer<NodeOrder>(), Time, NullLogger<NodeOrders>.Instance);

    public NodeGrain NodeGrain(int number, Func<SiloAddress, Task>? tell = null) =>
        new(FakeGrainContext.Of("node", Life(number).Value), Store, Directory, Orders(tell), Options.Create(Detection));

    public NodeAccuser Accuser() => new(Store, Directory, Orders(), Options.Create(Quarantine), NullLogger<NodeAccuser>.Instance);

    public OrderWatch OrderWatch(NodeAgent agent) =>
        new(Store, Orders(), agent, Self, Options.Create(Detection), new ServiceCollection().BuildServiceProvider(), Time, NullLogger<OrderWatch>.Instance);

    public NodeHealth Health() => _health ??= new NodeHealth(Options.Create(Detection), Clock);

    public NodeDeaths Deaths() => new(Store, Incidents, Prover, Events, Logs.For<NodeDeaths>());

    public SuspicionTimes SuspicionTimes() => new(Store, Directory, Incidents, NullLogger<SuspicionTimes>.Instance);

    public StaleSilos StaleSilos(IMembershipTable table, SiloAddress? self = null) => new(
        table, Store, Directory, Prover, Deaths(), new FakeSilo(self ?? Self.Info.Address), Clock, Options.Create(Detection), Time, NullLogger<StaleSilos>.Instance);

    public SiloEviction Eviction() => new(Membership, Time, NullLogger<SiloEviction>.Instance);

    public Pacemaker Pacemaker() => PacemakerOf(Self.Info);

    /// <summary>Returns the watch of another node than the one on which the things under test run.</summary>
    public Pacemaker PacemakerOf(NodeInfo node)
    {
        var pulse = new Pulse(Touches.Grains, Agent(), Health(), Storage, Options.Create(Recovery), Time, NullLogger<Pulse>.Instance);
        return new Pacemaker(
            Store, Directory, new LocalNode(node), Prover, Deaths(), Eviction(), pulse, Guard, Membership, Clock, Options.Create(Detection), Time, NullLogger<Pacemaker>.Instance);
    }

    public OwnerRecovery Owners() => new(
        Store, Reader, Codec, Pipeline, Instruments, new RecoveryPace(Options.Create(Recovery), Clock), Options.Create(Recovery), Options.Create(Pipelines));

    public RecoveryLimit Limit() => new(Store, Incidents, IncidentInstruments, Events, Options.Create(Recovery), Logs.For<RecoveryLimit>());

    public TaskIncidents TaskIncidents(AttemptExecutionOptions execution) =>
        new(Store, IncidentLog, IncidentInstruments, Self, Events, Clock, Options.Create(execution), Logs.For<TaskIncidents>());

    /// <param name="watch">What the sweeper's silo saw; <see cref="Storage"/> when omitted.</param>
    public StorageOutageSweeper Outages(StorageWatch? watch = null) =>
        new(Store, IncidentLog, watch ?? Storage, Self, Events, Options.Create(Detection), Logs.For<StorageOutageSweeper>());

    /// <summary>Returns a silo's calls of handlers of failures.</summary>
    public FollowUpSweeper FollowUps(FailureHandlerOptions options, params FailureHandlerEntry[] handlers)
    {
        var services = new ServiceCollection()
            .AddSingleton(Store).AddSingleton(IncidentLog).AddSingleton(IncidentInstruments).AddSingleton(Clock)
            .AddSingleton(Options.Create(options)).AddSingleton<TimeProvider>(Time).AddSingleton(Logs.For<FailureHandlerQueue>())
            .BuildServiceProvider();
        return new FollowUpSweeper(Store, IncidentLog, handlers, services, Options.Create(options));
    }

    public OverdueSweeper Overdue() => new(Store, Incidents, Limit(), Clock);

    public NodeRecovery NodeRecovery(OwnerRecovery? owners = null) => new(Store, Incidents, owners ?? Owners(), Limit(), IncidentInstruments, Events, NullLogger<NodeRecovery>.Instance);

    /// <summary>Recovers a node whose row says that it is dead, turn after turn, and lets the time pass that the rate asks for.</summary>
    /// <param name="number">The node.</param>
    /// <param name="recovery">What recovers it; a shard that has just begun when omitted.</param>
    /// <returns>False when its incident is not recorded yet.</returns>
    public async Task<bool> RecoverAsync(int number, NodeRecovery? recovery = null)
    {
        recovery ??= NodeRecovery();
        var turns = await recovery.BeginAsync(await NodeAsync(number), CancellationToken.None);
        if (turns is null)
        {
            return false;
        }

        while (turns is not null)
        {
            for (; !recovery.MayTakeTurn; Pass(0.01))
            {
            }

            turns = await recovery.TakeTurnAsync(turns, CancellationToken.None);
        }

        return true;
    }

    public LimitEnforcement Limits() => new(Store, Codec, Pipeline, Options.Create(Pipelines), NullLogger<LimitEnforcement>.Instance);

    public OrphanSweeper Orphans(OwnerRecovery? owners = null) => new(Store, Directory, Incidents, owners ?? Owners(), Clock, Options.Create(Recovery), NullLogger<OrphanSweeper>.Instance);

    public DependentSweeper Dependents() => new(Store, Pipeline, Clock, Options.Create(Recovery), NullLogger<DependentSweeper>.Instance);

    public TaskCancellation Cancellation() =>
        new(Store, Reader, Codec, Directory, Voids, Options.Create(Pipelines), NullLogger<TaskCancellation>.Instance);

    public ChildCancellation Children() => new(Store, Reader, Cancellation(), Time);

    public UnfinishedSweeper Unfinished() => new(Store, Reader, Limits(), Children(), Pipeline, Clock, Options.Create(Recovery));

    public RetentionSweeper Retention() => new(Store, Clock, Options.Create(Recovery), NullLogger<RetentionSweeper>.Instance);

    public RecoveryShard Shard(params IRecoverySweeper[] sweepers) => Shard(Owners(), sweepers);

    public RecoveryShard Shard(OwnerRecovery owners, params IRecoverySweeper[] sweepers) =>
        new(Store, Directory, NodeRecovery(owners), sweepers, Clock, Options.Create(Recovery), NullLogger<RecoveryShard>.Instance);

    /// <summary>Registers a node with a lease from now.</summary>
    public Task<NodeInfo> JoinAsync(int number, NodePhase phase = NodePhase.Alive, IReadOnlyList<TaskId>? waiting = null, bool isHandingOver = false, int shards = 0) =>
        JoinAsync(new NodeRecord { Info = Info(number) with { RecoveryShards = shards }, Waiting = waiting ?? [], IsHandingOver = isHandingOver }, phase);

    public async Task<NodeInfo> JoinAsync(NodeRecord record, NodePhase phase = NodePhase.Alive)
    {
        var info = record.Info;
        var row = new NodeRow { Incarnation = info.Incarnation, Name = info.Name, Phase = phase, Info = Serializer<NodeRecord>().SerializeToArray(record) };
        Assert.True(await Store.RegisterNodeAsync(row, Detection.LeaseLength, CancellationToken.None));
        return info;
    }

    public async Task<NodeRow> RowAsync(int number) =>
        (await Store.ListNodesAsync(100, CancellationToken.None)).Single(row => row.Incarnation == Life(number));

    /// <summary>Renews a node's lease, as the node itself would.</summary>
    public async Task RenewAsync(int number)
    {
        var row = await RowAsync(number);
        var renewal = new LeaseRenewal { Incarnation = row.Incarnation, Sequence = row.Sequence + 1, Phase = NodePhase.Alive, Info = row.Info, Lease = Detection.LeaseLength };
        Assert.True(await Store.RenewLeaseAsync(renewal, CancellationToken.None));
    }

    public async Task<KnownNode> NodeAsync(int number) => Directory.Read([await RowAsync(number)])[0];

    /// <summary>Declares a node dead, with its incident.</summary>
    public async Task KillAsync(int number, bool isProvedGone = true) =>
        Assert.True(await Deaths().EndAsync(new DeathSentence(await NodeAsync(number), isProvedGone, "It was killed."), CancellationToken.None));

    /// <summary>Inserts a task that a node runs, at its first attempt.</summary>
    public Task<TaskId> RunningAsync(int owner, TaskRetryPolicy? policy = null) =>
        InsertAsync(task => task with { Phase = TaskPhase.Running, Attempt = 1, Owner = Life(owner), Claimed = Store.Now }, policy);

    /// <summary>Inserts a task.</summary>
    public async Task<TaskId> InsertAsync(Func<TaskState, TaskState> with, TaskRetryPolicy? policy = null, params TaskId[] dependsOn)
    {
        var task = with(new TaskState
        {
            Id = TaskId.New(Time),
            Spec = new TaskSpec { Handler = "work", Retry = policy },
            Phase = TaskPhase.Queued,
            Due = Store.Now,
            Token = Store.NewToken(),
        });
        var written = await Store.WriteTaskAsync(Codec.Insert(task, dependsOn, null));
        Assert.True(written.IsApplied);
        Time.Advance(TimeSpan.FromMilliseconds(1)); // the next id sorts after this one
        return task.Id;
    }

    /// <summary>Inserts a task and ends it now.</summary>
    public async Task<TaskId> EndedAsync(TaskPhase phase)
    {
        var queued = await TaskAsync(await InsertAsync(task => task));
        var commit = new TaskCommit(queued, queued with { Phase = phase, Finished = Store.Now }, Store.NewToken());
        Assert.True((await Store.WriteTaskAsync(Codec.Update(commit))).IsApplied);
        return queued.Id;
    }

    public async Task<TaskState> TaskAsync(TaskId id) => (await Reader.ReadAsync(id, CancellationToken.None))!;

    public async Task<IReadOnlyList<TaskState>> TasksAsync(TaskPhase? phase = null) =>
        await Reader.ReadAsync(await Store.ListAsync(new TaskQuery { Phase = phase, Limit = 1_000 }, CancellationToken.None), CancellationToken.None);
}

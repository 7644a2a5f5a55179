using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Simulation;

/// <summary>One life of a node: a process with its clocks, its timers, its lease, and a pipeline that it drives.</summary>
/// <remarks>A paused process does nothing. What it is sent, and what its timers would do, waits until it goes on: then it is a zombie.</remarks>
internal sealed class SimulatedNode
{
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedTime _time;
    private readonly StoreClock _storeClock;
    private readonly List<Action> _held = [];

    public SimulatedNode(SimulatedCluster cluster, SimulatedMachine home, NodeIncarnation incarnation)
    {
        (_cluster, Home, Incarnation) = (cluster, home, incarnation);
        _time = new SimulatedTime(cluster.Timeline, home.ClockRate);
        _storeClock = new StoreClock(_time);
        Info = cluster.Services.Describe(Machine, incarnation, cluster.Options.Slots);
        Store = new SimulatedStore(cluster.Engine, _storeClock, cluster.Random);
        Remote = new RemoteStore(this, cluster.Engine, _storeClock, cluster.Random);
        Reader = new TaskReader(Store, cluster.Services.Codec);
        Driver = new SimulatedDriver(this, cluster);
        Agent = new SimulatedAgent(this, cluster);
        Pacemaker = new SimulatedPacemaker(this, cluster);
    }

    public SimulatedMachine Home { get; }

    public string Machine => Home.Name;

    public NodeIncarnation Incarnation { get; }

    public NodeInfo Info { get; }

    public SimulatedStore Store { get; }

    /// <summary>The store for product code that awaits its answers.</summary>
    public RemoteStore Remote { get; }

    public TaskReader Reader { get; }

    public SimulatedDriver Driver { get; }

    public SimulatedAgent Agent { get; }

    public SimulatedPacemaker Pacemaker { get; }

    public int Slots => _cluster.PipelineOptions.Slots;

    /// <summary>The store's time as this process knows it.</summary>
    public DateTimeOffset Now => _storeClock.Now;

    /// <summary>How often this process has found the store's clock moved.</summary>
    public int ClockSteps => _storeClock.Steps;

    public TimeSpan ClockError => _storeClock.Error;

    /// <summary>The process's monotonic time: its lease runs on it.</summary>
    public TimeSpan Monotonic => _time.Now;

    public bool IsUp { get; private set; } = true;

    public bool IsPaused { get; private set; }

    /// <summary>Whether it takes calls: it is registered and has not ended.</summary>
    public bool IsServing => IsUp && Agent.HasJoined;

    /// <summary>Joins the cluster and works until the process ends.</summary>
    public void Start() => Begin(async () =>
    {
        await ReadClockAsync();
        Begin(KeepClockAsync);
        await Agent.JoinAsync();
        Begin(Agent.RenewAsync);
        Begin(Agent.WatchOutageAsync);
        Begin(Agent.WatchOrdersAsync);
        Begin(Pacemaker.LookAsync);
        Begin(Pacemaker.BeatAsync);
        Begin(new SimulatedRecovery(this, _cluster).RunAsync);
    });

    public void Crash()
    {
        if (IsUp)
        {
            IsUp = false;
            Driver.Vanish();
            _cluster.Ended(this);
        }
    }

    public void Pause()
    {
        IsPaused = true;
        _cluster.Invariants.Lives.Paused(Incarnation);
    }

    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        IsPaused = false;
        _cluster.Invariants.Lives.Resumed(Incarnation);
        var held = _held.ToList();
        _held.Clear();
        foreach (var happens in held)
        {
            Receive(happens);
        }
    }

    /// <summary>Lets something happen in this process: now, or when it goes on, or never if it is gone.</summary>
    public void Receive(Action happens)
    {
        if (IsPaused)
        {
            _held.Add(happens);
        }
        else if (IsUp)
        {
            happens();
        }
    }

    /// <summary>Sets a timer of this process; it runs on the machine's own clock.</summary>
    public void After(TimeSpan delay, Action happens) => _cluster.Timeline.After(_time.ToTrue(delay), () => Receive(happens));

    public TimeSpan ToTrue(TimeSpan span) => _time.ToTrue(span);

    public void Post(PipelineEvent happened) => Driver.Post(happened);

    /// <summary>Asks the store something, outside the pipeline.</summary>
    public Task<T> AskAsync<T>(Func<SimulatedStore, Task<T>> ask, TimeSpan? limit = null)
    {
        var answer = new TaskCompletionSource<T>();
        _cluster.Network.Call(this, isPipelines: false, () => SimulatedStore.Done(ask(Store)), answer.SetResult, answer.SetException, limit);
        return answer.Task;
    }

    /// <summary>Asks the store to end another life, on grounds of what it showed at the last look.</summary>
    public Task<bool> EndOtherAsync(NodeEnd end)
    {
        var looked = Pacemaker.LookedAt;
        return AskAsync(store =>
        {
            _cluster.Invariants.Lives.EndAsked(end.Incarnation, looked);
            return store.EndNodeAsync(end, default);
        });
    }

    public Task WaitAsync(TimeSpan time)
    {
        var over = new TaskCompletionSource();
        After(time, over.SetResult);
        return over.Task;
    }

    public void Begin(Func<Task> flow) => GuardAsync(flow).Ignore();

    private async Task GuardAsync(Func<Task> flow)
    {
        try
        {
            await flow();
        }
        catch (Exception exception)
        {
            _cluster.Invariants.Violate($"A defect on {Machine}: {exception}");
        }
    }

    private async Task ReadClockAsync()
    {
        while (true)
        {
            try
            {
                await _storeClock.ReadAsync(Remote, default);
                return;
            }
            catch (StoreException)
            {
                await WaitAsync(_cluster.Options.ClockPeriod / 10);
            }
        }
    }

    private async Task KeepClockAsync()
    {
        while (true)
        {
            await WaitAsync(_cluster.Options.ClockPeriod);
            await ReadClockAsync();
        }
    }
}

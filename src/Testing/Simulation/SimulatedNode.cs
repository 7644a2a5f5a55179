using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Simulation;

/// <summary>One life of a node: a process with its timers, its lease, and a pipeline that it drives.</summary>
/// <remarks>A paused process does nothing. What it is sent, and what its timers would do, waits until it goes on: then it is a zombie.</remarks>
internal sealed class SimulatedNode
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly SimulatedCluster _cluster;
    private readonly TimeSpan _clockError;
    private readonly List<Action> _held = [];

    public SimulatedNode(SimulatedCluster cluster, string machine, NodeIncarnation incarnation)
    {
        (_cluster, Machine, Incarnation) = (cluster, machine, incarnation);
        _clockError = cluster.Options.ClockError * ((2 * cluster.Random.NextDouble()) - 1);
        Store = new SimulatedStore(cluster.Engine, () => Now, cluster.Random);
        Reader = new TaskReader(Store, cluster.Services.Codec);
        Driver = new SimulatedDriver(this, cluster);
    }

    public string Machine { get; }

    public NodeIncarnation Incarnation { get; }

    public SimulatedStore Store { get; }

    public TaskReader Reader { get; }

    public SimulatedDriver Driver { get; }

    public int Slots => _cluster.PipelineOptions.Slots;

    /// <summary>The store's time as this process knows it.</summary>
    public DateTimeOffset Now => _cluster.Timeline.Now + _clockError;

    /// <summary>The process's monotonic time: its lease runs on it.</summary>
    public TimeSpan Monotonic => _cluster.Timeline.Elapsed;

    public bool IsUp { get; private set; } = true;

    public bool IsPaused { get; private set; }

    public bool HasJoined { get; private set; }

    public bool IsLeaving { get; private set; }

    /// <summary>Joins the cluster and works until the process ends.</summary>
    public void Start()
    {
        Begin(LiveAsync);
        Begin(new SimulatedRecovery(this, _cluster).RunAsync);
    }

    public void Crash()
    {
        if (IsUp)
        {
            IsUp = false;
            Driver.Vanish();
            _cluster.Ended(this);
        }
    }

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        IsPaused = false;
        var held = _held.ToList();
        _held.Clear();
        foreach (var happens in held)
        {
            Receive(happens);
        }
    }

    /// <summary>Leaves in order: gives back what waits, lets what runs finish for a while, and ends.</summary>
    public void Drain()
    {
        if (!IsLeaving)
        {
            IsLeaving = true;
            Begin(LeaveAsync);
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

    /// <summary>Sets a timer of this process.</summary>
    public void After(TimeSpan delay, Action happens) => _cluster.Timeline.After(delay, () => Receive(happens));

    public void Post(PipelineEvent happened) => Driver.Post(happened);

    /// <summary>Asks the store something, outside the pipeline.</summary>
    public Task<T> AskAsync<T>(Func<SimulatedStore, Task<T>> ask)
    {
        var answer = new TaskCompletionSource<T>();
        _cluster.Network.Call(this, isPipelines: false, () => SimulatedStore.Done(ask(Store)), answer.SetResult, answer.SetException);
        return answer.Task;
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

    private async Task LiveAsync()
    {
        while (true)
        {
            var sent = Monotonic;
            try
            {
                if (!await RenewAsync())
                {
                    // Others have ended this life: whatever still runs here is void, and the process ends.
                    _cluster.Trace.Add("is fenced", Machine);
                    Crash();
                    return;
                }

                if (!HasJoined)
                {
                    // A registration that was repeated may have landed long ago: only a renewal tells from when the lease counts.
                    HasJoined = true;
                    continue;
                }

                Post(new LeaseChanged(true, sent + _cluster.Options.Lease));
            }
            catch (StoreException)
            {
                _cluster.Trace.Add("did not renew", Machine);
            }

            await WaitAsync(Heartbeat);
        }
    }

    private Task<bool> RenewAsync()
    {
        var row = new NodeRow { Incarnation = Incarnation, Name = Machine, Phase = NodePhase.Alive };
        var info = SimulatedRecovery.Describe(Driver.Waiting);
        return HasJoined
            ? AskAsync(store => store.RenewLeaseAsync(Incarnation, IsLeaving ? NodePhase.Draining : NodePhase.Alive, info, _cluster.Options.Lease, default))
            : AskAsync(store => store.RegisterNodeAsync(row, _cluster.Options.Lease, default));
    }

    private async Task LeaveAsync()
    {
        Post(new DrainStarted());
        await WaitAsync(TimeSpan.FromSeconds(_cluster.Random.Next(4)));
        Post(new DrainEnded());
        for (var i = 0; i < 10 && !Driver.IsIdle; i++)
        {
            await WaitAsync(TimeSpan.FromMilliseconds(500));
        }

        try
        {
            await AskAsync(store => store.EndNodeAsync(new NodeEnd { Incarnation = Incarnation, Phase = NodePhase.Left, IsProvedGone = true }, default));
        }
        catch (StoreException)
        {
            _cluster.Trace.Add("left unheard", Machine);
        }

        Crash();
    }
}

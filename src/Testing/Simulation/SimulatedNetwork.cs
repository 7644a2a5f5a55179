using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What lies between processes, and between them and the store: it delays, loses, doubles, cuts off, and brings late.</summary>
internal sealed class SimulatedNetwork(Timeline timeline, Random random, SimulationOptions options, SimulatedFaults faults)
{
    /// <summary>The name under which the client sends.</summary>
    public const string Client = "client";

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, TimeSpan> _cutOff = [];
    private readonly HashSet<string> _side = [];
    private TimeSpan _storeIsBack;
    private TimeSpan _isWhole;
    private bool _isOneWay;
    private int _calls;

    /// <summary>Whether anything goes wrong at all.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>How many calls were made that <see cref="SimulationOptions.Script"/> counts; without one, those of pipelines.</summary>
    public int Calls => _calls;

    public void CutOffEverybody(TimeSpan time) => _storeIsBack = timeline.Elapsed + time;

    public void CutOff(string machine, TimeSpan time) => _cutOff[machine] = timeline.Elapsed + time;

    /// <summary>Cuts the ways between some machines and the others; each side still reaches the store.</summary>
    public void Split(IEnumerable<string> side, bool isOneWay, TimeSpan time)
    {
        _side.Clear();
        _side.UnionWith(side);
        (_isOneWay, _isWhole) = (isOneWay, timeline.Elapsed + time);
    }

    /// <summary>Until when a machine could surely not reach the store.</summary>
    public TimeSpan BackAt(string machine) =>
        _cutOff.TryGetValue(machine, out var back) && back > _storeIsBack ? back : _storeIsBack;

    /// <summary>Whether a connection from one machine to another comes about now.</summary>
    public bool IsOpen(string from, string to) => !IsFaulty || !(IsSplit(from, to) || IsSplit(to, from));

    /// <summary>Sends a message from one process to another. It may be lost, come late, or come twice.</summary>
    public void Send(string from, string to, Action received)
    {
        if (IsFaulty && (IsSplit(from, to) || random.NextDouble() < options.LostMessages))
        {
            faults.MessagesLost++;
            return;
        }

        timeline.After(Delay(), received);
        if (IsFaulty && random.NextDouble() < options.DoubledMessages)
        {
            faults.MessagesDoubled++;
            timeline.After(CallTimeout * random.NextDouble(), received);
        }
    }

    /// <summary>Calls another process.</summary>
    /// <param name="from">Who calls.</param>
    /// <param name="to">Who answers.</param>
    /// <param name="answer">Makes the answer, in the process that is called.</param>
    /// <param name="limit">How long the caller waits.</param>
    /// <returns>The answer; the default where none came in time.</returns>
    public Task<T?> CallAsync<T>(SimulatedNode from, SimulatedNode to, Func<T> answer, TimeSpan limit)
    {
        var answered = new TaskCompletionSource<T?>();
        Send(from.Machine, to.Machine, () => to.Receive(() =>
        {
            var made = answer();
            Send(to.Machine, from.Machine, () => from.Receive(() => answered.TrySetResult(made)));
        }));
        from.After(limit, () => answered.TrySetResult(default));
        return answered.Task;
    }

    /// <summary>Makes a call to the store.</summary>
    /// <param name="caller">The process that calls.</param>
    /// <param name="isPipelines">Whether a pipeline makes the call, and not what keeps leases and recovers.</param>
    /// <param name="perform">Does it, as one step.</param>
    /// <param name="answered">Takes the answer.</param>
    /// <param name="failed">Takes the failure.</param>
    /// <param name="limit">How long the caller waits at the most; null for the ordinary limit.</param>
    public void Call<T>(
        SimulatedNode caller, bool isPipelines, Func<T> perform, Action<T> answered, Action<StoreException> failed, TimeSpan? limit = null)
    {
        var isCounted = isPipelines != (options.Script?.IsOutsidePipelines ?? false);
        var script = isCounted && ++_calls == options.Script?.Call ? options.Script : null;
        var crash = script?.Crash;
        if (crash == CrashMoment.BeforeItIsSent)
        {
            caller.Crash();
            return;
        }

        var fault = script?.Fault ?? Draw(caller.Machine);
        if (fault != InjectedFault.None)
        {
            faults.CallsFailed++;
            Fail(caller, fault, perform, failed, limit ?? CallTimeout);
            return;
        }

        timeline.After(Delay(), () =>
        {
            if (crash == CrashMoment.BeforeItLands)
            {
                caller.Crash();
            }

            var answer = perform();
            if (crash == CrashMoment.BeforeItsAnswer)
            {
                caller.Crash();
            }

            timeline.After(Delay(), () => caller.Receive(() =>
            {
                answered(answer);
                if (crash == CrashMoment.AfterItsAnswer)
                {
                    caller.Crash();
                }
            }));
        });
    }

    private void Fail<T>(SimulatedNode caller, InjectedFault fault, Func<T> perform, Action<StoreException> failed, TimeSpan limit)
    {
        if (fault == InjectedFault.ReplyLost)
        {
            timeline.After(Delay(), () => perform());
        }
        else if (fault == InjectedFault.LandsLate)
        {
            timeline.After(CallTimeout + (options.LatestLanding * random.NextDouble()), () => perform());
        }

        var isKnown = fault is InjectedFault.Unreachable or InjectedFault.Contention;
        var error = new StoreException(
            fault == InjectedFault.Contention ? StoreFault.Contention : StoreFault.Unreachable, $"Simulated: {fault}.", isOutcomeUnknown: !isKnown);
        timeline.After(isKnown ? Delay() : limit * random.NextDouble(), () => caller.Receive(() => failed(error)));
    }

    private InjectedFault Draw(string machine)
    {
        if (!IsFaulty)
        {
            return InjectedFault.None;
        }

        if (timeline.Elapsed < BackAt(machine))
        {
            return random.Next(4) == 0 ? InjectedFault.LandsLate : random.Next(2) == 0 ? InjectedFault.RequestLost : InjectedFault.Unreachable;
        }

        return random.NextDouble() >= options.StoreFaults ? InjectedFault.None : random.Next(5) switch
        {
            0 => InjectedFault.Unreachable,
            1 => InjectedFault.RequestLost,
            2 => InjectedFault.LandsLate,
            3 => InjectedFault.Contention,
            _ => InjectedFault.ReplyLost,
        };
    }

    private bool IsSplit(string from, string to) =>
        timeline.Elapsed < _isWhole && from != Client && to != Client && (_isOneWay ? _side.Contains(from) && !_side.Contains(to) : _side.Contains(from) != _side.Contains(to));

    private TimeSpan Delay() => TimeSpan.FromMicroseconds(random.Next(50) == 0 && IsFaulty ? random.Next(200_000) : random.Next(200, 5_000));
}

using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What lies between processes and the store: it delays, loses, and brings late.</summary>
internal sealed class SimulatedNetwork(Timeline timeline, Random random, SimulationOptions options, SimulatedFaults faults)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, DateTimeOffset> _cutOff = [];
    private DateTimeOffset _storeIsBack;
    private int _calls;

    /// <summary>Whether anything goes wrong at all.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>How many calls were made that <see cref="SimulationOptions.Script"/> counts; without one, those of pipelines.</summary>
    public int Calls => _calls;

    public void CutOffEverybody(TimeSpan time) => _storeIsBack = timeline.Now + time;

    public void CutOff(string machine, TimeSpan time) => _cutOff[machine] = timeline.Now + time;

    /// <summary>Sends a message from one process to another; it may be lost.</summary>
    public void Send(Action received)
    {
        if (IsFaulty && random.NextDouble() < options.LostMessages)
        {
            faults.MessagesLost++;
            return;
        }

        timeline.After(Delay(), received);
    }

    /// <summary>Makes a call to the store.</summary>
    /// <param name="caller">The process that calls.</param>
    /// <param name="isPipelines">Whether a pipeline makes the call, and not what keeps leases and recovers.</param>
    /// <param name="perform">Does it, as one step.</param>
    /// <param name="answered">Takes the answer.</param>
    /// <param name="failed">Takes the failure.</param>
    public void Call<T>(SimulatedNode caller, bool isPipelines, Func<T> perform, Action<T> answered, Action<StoreException> failed)
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
            Fail(caller, fault, perform, failed);
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

    private void Fail<T>(SimulatedNode caller, InjectedFault fault, Func<T> perform, Action<StoreException> failed)
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
        timeline.After(isKnown ? Delay() : CallTimeout * random.NextDouble(), () => caller.Receive(() => failed(error)));
    }

    private InjectedFault Draw(string machine)
    {
        if (!IsFaulty)
        {
            return InjectedFault.None;
        }

        if (timeline.Now < _storeIsBack || (_cutOff.TryGetValue(machine, out var back) && timeline.Now < back))
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

    private TimeSpan Delay() => TimeSpan.FromMicroseconds(random.Next(50) == 0 && IsFaulty ? random.Next(200_000) : random.Next(200, 5_000));
}

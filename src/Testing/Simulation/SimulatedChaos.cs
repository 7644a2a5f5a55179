namespace FaultTolerance.Testing.Simulation;

/// <summary>Lets things go wrong for a while: processes die, stop for a time, leave, lose the store. Then lets everything go right.</summary>
internal sealed class SimulatedChaos(SimulatedCluster cluster)
{
    /// <summary>Every great fault, the common ones more often.</summary>
    public static readonly IReadOnlyList<GreatFault> AllFaults =
    [
        .. Enumerable.Repeat(GreatFault.Crash, 5),
        .. Enumerable.Repeat(GreatFault.Pause, 6),
        .. Enumerable.Repeat(GreatFault.CutOff, 2),
        .. Enumerable.Repeat(GreatFault.Outage, 2),
        GreatFault.CrashAll,
        .. Enumerable.Repeat(GreatFault.Drain, 2),
        .. Enumerable.Repeat(GreatFault.Split, 2),
        GreatFault.ClockStep,
        GreatFault.Break,
        GreatFault.Quarantine,
    ];

    private TimeSpan _clockIsRead;

    private Random Random => cluster.Random;

    private TimeSpan Lease => cluster.Detection.LeaseLength;

    /// <summary>Whether nothing goes wrong any more.</summary>
    public bool IsOver { get; private set; }

    public void Start()
    {
        cluster.Timeline.After(cluster.Options.Chaos, End);
        if (cluster.Options.BetweenFaults is not null)
        {
            PlanNext();
        }
    }

    private void PlanNext()
    {
        var mean = cluster.Options.BetweenFaults!.Value;
        cluster.Timeline.After(-mean * Math.Log(1 - Random.NextDouble()), () =>
        {
            if (!IsOver)
            {
                Strike();
                PlanNext();
            }
        });
    }

    private void End()
    {
        IsOver = true;
        cluster.Network.IsFaulty = false;
        cluster.Orders.LiftAll(cluster.Timeline.Now);
        cluster.Trace.Add("The faults are over.", "chaos");
        foreach (var machine in cluster.Machines)
        {
            machine.IsBroken = false;
            machine.Node?.Resume();
        }
    }

    private void Strike()
    {
        var machine = cluster.Machines[Random.Next(cluster.Machines.Count)];
        switch (cluster.Options.GreatFaults[Random.Next(cluster.Options.GreatFaults.Count)])
        {
            case GreatFault.Crash:
                Crash(machine);
                break;
            case GreatFault.Pause:
                Pause(machine);
                break;
            case GreatFault.CutOff:
                cluster.Faults.Outages++;
                cluster.Trace.Add("is cut off from the store", machine.Name);
                cluster.Network.CutOff(machine.Name, Some(2 * Lease));
                break;
            case GreatFault.Outage:
                cluster.Faults.Outages++;
                cluster.Trace.Add("The store is away.", "chaos");
                cluster.Network.CutOffEverybody(Some(3 * Lease));
                break;
            case GreatFault.CrashAll:
                cluster.Machines.ToList().ForEach(Crash);
                break;
            case GreatFault.Drain:
                Drain(machine);
                break;
            case GreatFault.Split:
                Split();
                break;
            case GreatFault.ClockStep:
                StepClock();
                break;
            case GreatFault.Break:
                Break(machine);
                break;
            default:
                Quarantine(machine);
                break;
        }
    }

    private void Crash(SimulatedMachine machine)
    {
        if (machine.Node is { IsUp: true } node)
        {
            node.Crash();
        }
    }

    /// <summary>A third of the pauses has to be survived, a third ends about when the lease does, and a third is long.</summary>
    private void Pause(SimulatedMachine machine)
    {
        if (machine.Node is not { IsUp: true, IsPaused: false } node)
        {
            return;
        }

        cluster.Faults.Pauses++;
        cluster.Trace.Add("is paused", machine.Name);
        node.Pause();
        var time = Random.Next(3) switch
        {
            0 => Some(cluster.Options.TolerablePause),
            1 => Lease - (Lease / 4) + Some(Lease / 2),
            _ => Some(3 * Lease),
        };
        cluster.Timeline.After(time, () =>
        {
            cluster.Trace.Add("goes on", machine.Name);
            node.Resume();
        });
    }

    private void Drain(SimulatedMachine machine)
    {
        if (machine.IsServing)
        {
            cluster.Faults.Drains++;
            if (Random.Next(2) == 0)
            {
                machine.Node!.Receive(() => machine.Node.Agent.Leave(Some(TimeSpan.FromSeconds(4))));
                return;
            }

            var kind = Random.Next(2) == 0 ? NodeOrderKind.Drain : NodeOrderKind.Evict;
            Order(machine, new NodeOrder { Kind = kind, Incarnation = machine.Node!.Incarnation, Reason = "Simulated." });
        }
    }

    private void Quarantine(SimulatedMachine machine)
    {
        if (machine.IsServing)
        {
            Order(machine, new NodeOrder { Kind = NodeOrderKind.Quarantine, Incarnation = machine.Node!.Incarnation, Reason = "Simulated." });
            cluster.Timeline.After(Some(TimeSpan.FromSeconds(20)), () => Order(machine, new NodeOrder { Kind = NodeOrderKind.None }));
        }
    }

    private void Order(SimulatedMachine machine, NodeOrder order)
    {
        cluster.Orders.Give(machine.Name, order with { At = cluster.Timeline.Now });
        if (machine.Node is { IsServing: true } node)
        {
            cluster.Network.Send(SimulatedNetwork.Client, machine.Name, () => node.Receive(() => node.Begin(node.Agent.LookForOrderAsync)));
        }
    }

    private void Split()
    {
        cluster.Faults.Splits++;
        var side = cluster.Machines.Where(_ => Random.Next(2) == 0).Select(machine => machine.Name).ToList();
        cluster.Trace.Add("The network is split.", "chaos", detail: side.Count);
        cluster.Network.Split(side, isOneWay: Random.Next(2) == 0, Some(2 * Lease));
    }

    /// <summary>Never again before everybody has read the clock: who has missed that it was set back takes every lease for ended, and once it is set forward the store agrees.</summary>
    private void StepClock()
    {
        if (cluster.Timeline.Elapsed < _clockIsRead)
        {
            return;
        }

        _clockIsRead = cluster.Timeline.Elapsed + (1.5 * cluster.Options.ClockPeriod) + (3 * Lease);
        cluster.Faults.ClockSteps++;
        var step = Random.Next(2) == 0 ? Some(TimeSpan.FromSeconds(60)) : -Some(TimeSpan.FromSeconds(15));
        cluster.StoreClock.Ahead += step;
        cluster.Invariants.Lives.ClockSet(step);
        cluster.Trace.Add("The clock of the store is set.", "chaos", detail: (long)step.TotalMilliseconds);
    }

    private void Break(SimulatedMachine machine)
    {
        cluster.Faults.Breaks++;
        cluster.Trace.Add("fails all that it runs", machine.Name);
        machine.IsBroken = true;
        cluster.Timeline.After(Some(TimeSpan.FromSeconds(30)), () => machine.IsBroken = false);
    }

    private TimeSpan Some(TimeSpan most) => most * Random.NextDouble();
}

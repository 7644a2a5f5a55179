namespace FaultTolerance.Testing.Simulation;

/// <summary>Lets things go wrong for a while: processes die, stop for a time, leave, lose the store. Then lets everything go right.</summary>
internal sealed class SimulatedChaos(SimulatedCluster cluster)
{
    private Random Random => cluster.Random;

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
        cluster.Trace.Add("The faults are over.", "chaos");
        foreach (var machine in cluster.Machines)
        {
            machine.Node?.Resume();
        }
    }

    private void Strike()
    {
        var machine = cluster.Machines[Random.Next(cluster.Machines.Count)];
        switch (Random.Next(16))
        {
            case < 5:
                Crash(machine);
                break;
            case < 10:
                Pause(machine);
                break;
            case < 12:
                cluster.Faults.Outages++;
                cluster.Trace.Add("is cut off from the store", machine.Name);
                cluster.Network.CutOff(machine.Name, Seconds(12));
                break;
            case 12:
                cluster.Faults.Outages++;
                cluster.Trace.Add("The store is away.", "chaos");
                cluster.Network.CutOffEverybody(Seconds(10));
                break;
            case 13:
                cluster.Machines.ToList().ForEach(Crash);
                break;
            default:
                Drain(machine);
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

    private void Pause(SimulatedMachine machine)
    {
        if (machine.Node is not { IsUp: true, IsPaused: false } node)
        {
            return;
        }

        cluster.Faults.Pauses++;
        cluster.Trace.Add("is paused", machine.Name);
        node.Pause();
        cluster.Timeline.After(Seconds(Random.Next(2) == 0 ? 1 : 15), () =>
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
            cluster.Trace.Add("is drained", machine.Name);
            machine.Node!.Drain();
        }
    }

    private TimeSpan Seconds(double most) => TimeSpan.FromSeconds(most * Random.NextDouble());
}

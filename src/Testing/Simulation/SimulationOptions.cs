using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What a run is like. Drawn from its seed, so that the seed alone repeats it.</summary>
internal sealed record SimulationOptions
{
    public int Machines { get; init; } = 3;

    public int Slots { get; init; } = 2;

    public int PrefetchFactor { get; init; } = 1;

    /// <summary>How many groups of tasks (a single one, a chain, a diamond, a fan-in) are submitted.</summary>
    public int Groups { get; init; } = 20;

    /// <summary>How long things go wrong. Afterwards nothing does, and everything has to come to rest.</summary>
    public TimeSpan Chaos { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The mean time between two great faults: a crash, a pause, an outage, a drain. Null for none.</summary>
    public TimeSpan? BetweenFaults { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How many of the calls to the store, from 0 to 1, go wrong in one way or another.</summary>
    public double StoreFaults { get; init; } = 0.02;

    /// <summary>How many of the messages to a gateway or back, from 0 to 1, are lost.</summary>
    public double LostMessages { get; init; } = 0.02;

    /// <summary>The chance that a process dies between two effects of one turn.</summary>
    public double CrashBetweenEffects { get; init; } = 0.0005;

    /// <summary>The longest that a call may land after its answer was given up on.</summary>
    public TimeSpan LatestLanding { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many of the messages between processes, from 0 to 1, come twice.</summary>
    public double DoubledMessages { get; init; } = 0.01;

    /// <summary>The leases, heartbeats and looks of the nodes: a profile of the product.</summary>
    public NodeDetectionOptions Detection { get; init; } = new();

    /// <summary>A pause that the profile is to survive.</summary>
    public TimeSpan TolerablePause => Detection.Profile switch
    {
        NodeProfile.Fast => TimeSpan.FromSeconds(1),
        NodeProfile.Cloud => TimeSpan.FromSeconds(10),
        _ => TimeSpan.FromSeconds(4),
    };

    /// <summary>How far a machine's clock may run from true time, as a share of it.</summary>
    public double ClockDrift { get; init; } = StoreAnchor.Drift / 2;

    /// <summary>From one reading of the store's clock to the next.</summary>
    public TimeSpan ClockPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the failure detector quarantines nodes by itself.</summary>
    public bool Quarantines { get; init; } = true;

    /// <summary>What happens: the great faults, each as often as it stands here.</summary>
    public IReadOnlyList<GreatFault> GreatFaults { get; init; } = SimulatedChaos.AllFaults;

    /// <summary>Lets one thing go wrong at one exact call to the store, for walks over every point of a run.</summary>
    public ScriptedFault? Script { get; init; }

    /// <summary>When one process dies that nobody scripted, so that there is something to recover; null for none.</summary>
    public TimeSpan? Death { get; init; }

    /// <summary>Puts a decorator around the engine, to plant a bug.</summary>
    public Func<IStorageEngine, IStorageEngine> Engine { get; init; } = engine => engine;

    /// <summary>Plants a bug: from when a node counts its lease, of when the renewal was sent and when it was answered.</summary>
    public Func<TimeSpan, TimeSpan, TimeSpan> CountLeaseFrom { get; init; } = (sent, _) => sent;

    /// <summary>Plants a bug: whether ended leases are held against nodes, of what the guard says.</summary>
    public Func<bool, bool> MayCondemn { get; init; } = may => may;

    /// <summary>Whether this is the big run, which its seed alone does not repeat.</summary>
    public bool IsBig { get; init; }

    /// <summary>The command that repeats the run, where its seed alone does not; null where it does.</summary>
    public string? Replay { get; init; }

    /// <summary>Takes every step as a line of text.</summary>
    public Action<string>? Print { get; init; }

    /// <summary>A small cluster and a little work, with nothing going wrong but what is scripted.</summary>
    public static SimulationOptions Calm { get; } = new()
    {
        Machines = 2,
        Groups = 6,
        Chaos = TimeSpan.FromSeconds(5),
        BetweenFaults = null,
        StoreFaults = 0,
        LostMessages = 0,
        DoubledMessages = 0,
        CrashBetweenEffects = 0,
        LatestLanding = TimeSpan.FromSeconds(3),
    };

    /// <summary>A thousand nodes and a hundred thousand attempts.</summary>
    public static SimulationOptions Big { get; } = new()
    {
        IsBig = true,
        Machines = 1_000,
        Slots = 4,
        Groups = 22_000,
        Chaos = TimeSpan.FromSeconds(30),
        BetweenFaults = TimeSpan.FromSeconds(0.25),
        CrashBetweenEffects = 0.0002,
        LatestLanding = TimeSpan.FromSeconds(5),
        GreatFaults = [GreatFault.Crash, GreatFault.Crash, GreatFault.Pause, GreatFault.CutOff, GreatFault.Drain, GreatFault.Split],
        Quarantines = false,
    };

    /// <summary>Draws the options of a run: small and large clusters, calm and wild ones.</summary>
    public static SimulationOptions Of(int seed)
    {
        var random = new Random(seed);
        return new SimulationOptions
        {
            Machines = random.Next(1, 6),
            Slots = random.Next(1, 5),
            PrefetchFactor = random.Next(0, 4),
            Groups = random.Next(5, 40),
            Chaos = TimeSpan.FromSeconds(random.Next(20, 90)),
            BetweenFaults = TimeSpan.FromSeconds(1 + (random.NextDouble() * 10)),
            StoreFaults = random.Next(3) * random.NextDouble() * 0.05,
            LostMessages = random.Next(3) * random.NextDouble() * 0.05,
            CrashBetweenEffects = random.Next(2) * random.NextDouble() * 0.002,
            DoubledMessages = random.Next(3) * random.NextDouble() * 0.05,
            Detection = new NodeDetectionOptions { Profile = (NodeProfile)random.Next(3) },
            ClockDrift = random.Next(2) * random.NextDouble() * StoreAnchor.Drift / 2,
            ClockPeriod = TimeSpan.FromSeconds(random.Next(5, 30)),
        };
    }
}

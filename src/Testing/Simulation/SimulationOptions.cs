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

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How far the nodes' idea of the store's time may be off.</summary>
    public TimeSpan ClockError { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Lets one thing go wrong at one exact call to the store, for walks over every point of a run.</summary>
    public ScriptedFault? Script { get; init; }

    /// <summary>When one process dies that nobody scripted, so that there is something to recover; null for none.</summary>
    public TimeSpan? Death { get; init; }

    /// <summary>Puts a decorator around the engine, to plant a bug.</summary>
    public Func<IStorageEngine, IStorageEngine> Engine { get; init; } = engine => engine;

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
        CrashBetweenEffects = 0,
        LatestLanding = TimeSpan.FromSeconds(3),
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
        };
    }
}

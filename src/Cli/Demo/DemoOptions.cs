using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Demo;

/// <summary>What a demo is asked to do.</summary>
internal sealed record DemoOptions
{
    public const int MaxSilos = 32;
    public const int MaxRepeat = 10_000;

    /// <summary>Gets the folder whose files are read.</summary>
    public required string Folder { get; init; }

    public int Silos { get; init; } = 3;

    public KillTarget Kill { get; init; } = KillTarget.One;

    public KillMoment At { get; init; } = KillMoment.HalfWay;

    public KillSignal Signal { get; init; } = KillSignal.Kill;

    /// <summary>Gets a value indicating whether whoever is struck may go on in the same life: all are paused together, and nobody is there to find it out.</summary>
    public bool MayLiveOn => Signal == KillSignal.Pause && (Kill == KillTarget.All || Silos == 1);

    public StoreKind Store { get; init; } = StoreKind.Sqlite;

    /// <summary>Gets the connection string of the PostgreSQL database. Never shown.</summary>
    public string? Connection { get; init; }

    public int Repeat { get; init; } = 1;

    /// <summary>Gets a value indicating whether data and logs are kept after a run that went right. After any other they always are.</summary>
    public bool Keep { get; init; }

    /// <summary>Gets the folder for data and logs; one below the system's temporary folder when null.</summary>
    public string? Data { get; init; }

    public bool Json { get; init; }
}

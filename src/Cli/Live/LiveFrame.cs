namespace FaultTolerance.Cli.Live;

/// <summary>A run as it is at one moment.</summary>
internal sealed record LiveFrame
{
    /// <summary>Gets the title: which run of how many, on which store.</summary>
    public required string Title { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets how many tasks there will be; 0 before it is known.</summary>
    public long Planned { get; init; }

    public long Ended { get; init; }

    /// <summary>Gets the rate at which tasks have ended over the newest seconds.</summary>
    public double TasksPerSecond { get; init; }

    /// <summary>Gets how many faults are planned; 0 where the tasks are what is counted down.</summary>
    public int FaultsPlanned { get; init; }

    /// <summary>Gets how many faults are over.</summary>
    public int FaultsDone { get; init; }

    public IReadOnlyList<NodeLine> Nodes { get; init; } = [];

    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>Gets a value indicating whether it is known how far the run goes.</summary>
    public bool IsPlanned => Planned > 0 || FaultsPlanned > 0;

    public double Part => this switch
    {
        { FaultsPlanned: > 0 } => (double)FaultsDone / FaultsPlanned,
        { Planned: > 0 } => Math.Min(1, (double)Ended / Planned),
        _ => 0,
    };
}

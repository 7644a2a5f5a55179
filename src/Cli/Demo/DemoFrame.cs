namespace FaultTolerance.Cli.Demo;

/// <summary>A run as it is at one moment.</summary>
internal sealed record DemoFrame
{
    /// <summary>Gets the title: which run of how many, on which store.</summary>
    public required string Title { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets how many tasks there will be; 0 before it is known.</summary>
    public long Planned { get; init; }

    public long Ended { get; init; }

    /// <summary>Gets the rate at which tasks have ended over the newest seconds.</summary>
    public double TasksPerSecond { get; init; }

    public IReadOnlyList<NodeLine> Nodes { get; init; } = [];

    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    public double Part => Planned == 0 ? 0 : Math.Min(1, (double)Ended / Planned);
}

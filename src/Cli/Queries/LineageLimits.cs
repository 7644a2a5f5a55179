namespace FaultTolerance.Cli.Queries;

/// <summary>How much of a lineage is followed: it may lead through the whole store.</summary>
/// <param name="Depth">How many steps away from the task.</param>
/// <param name="Width">How many tasks are followed from each task in each direction.</param>
/// <param name="Tasks">How many tasks in all.</param>
internal sealed record LineageLimits(int Depth, int Width, int Tasks)
{
    public const int MaxDepth = 50;
    public const int MaxWidth = 1_000;

    /// <summary>Gets what is followed unless more is asked for.</summary>
    public static LineageLimits Default { get; } = new(3, 10, 500);
}

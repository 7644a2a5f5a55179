namespace FaultTolerance;

/// <summary>Which tasks a page of a list holds, and from where on.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskFilter")]
public sealed record TaskFilter
{
    /// <summary>The most tasks that a page may hold.</summary>
    public const int MaxLimit = 500;

    /// <summary>Gets the phase that the tasks must be in; any when null.</summary>
    [Id(0)] public TaskPhase? Phase { get; init; }

    /// <summary>Gets the handler's name, in any version, or <c>name@version</c>; any handler when null.</summary>
    [Id(1)] public string? Handler { get; init; }

    /// <summary>Gets the id after which the page starts: <see cref="TaskPage.Next"/> of the page before; null for the first page.</summary>
    [Id(2)] public TaskId? After { get; init; }

    /// <summary>Gets a value indicating whether the page goes from the oldest id to the newest.</summary>
    /// <value>The default is <see langword="false"/>: the newest come first.</value>
    [Id(3)] public bool OldestFirst { get; init; }

    /// <summary>Gets how many tasks the page holds at the most.</summary>
    /// <value>The default is 50; must be between 1 and <see cref="MaxLimit"/>.</value>
    [Id(4)] public int Limit { get; init; } = 50;
}

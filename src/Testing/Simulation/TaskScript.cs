using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>One task of a run: what is submitted, and what its handler does.</summary>
internal sealed record TaskScript
{
    public required TaskId Id { get; init; }

    public required TaskSpec Spec { get; init; }

    public IReadOnlyList<TaskId> Needs { get; init; } = [];

    public TimeSpan StartAfter { get; init; }

    /// <summary>How long the task may take in all; null for as long as it takes.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long the handler runs.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How many attempts throw before one returns.</summary>
    public int Throws { get; init; }

    /// <summary>How long the handler runs on after its token has fired; null when it stops at once.</summary>
    public TimeSpan? IgnoresToken { get; init; }

    /// <summary>From one save of progress to the next; null for none.</summary>
    public TimeSpan? SavesEvery { get; init; }

    /// <summary>When somebody cancels the task, counted from its acceptance; null for never.</summary>
    public TimeSpan? CancelAfter { get; init; }
}

using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance;

/// <summary>What a running attempt may know of itself, and what it says of itself. A handler asks for it as a parameter.</summary>
public sealed class TaskContext
{
    /// <summary>Gets the task.</summary>
    public required TaskId TaskId { get; init; }

    /// <summary>Gets the number of this attempt, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets the name of the node that runs this attempt.</summary>
    public required string Node { get; init; }

    /// <summary>Gets a number that is larger for every later attempt of this task.</summary>
    /// <remarks>
    /// Give it to systems outside together with <see cref="TaskId"/>, and let them refuse a smaller one than they have seen:
    /// so an attempt that was cut off and replaced can do no harm there either.
    /// </remarks>
    public required long FencingToken { get; init; }

    /// <summary>Gets a client whose submits are children of this task.</summary>
    public required IFaultToleranceClient Client { get; init; }

    /// <summary>Gets what keeps the task's progress and hears this attempt's heartbeats.</summary>
    public required ITaskProgress Progress { get; init; }

    /// <inheritdoc cref="ITaskProgress.Heartbeat"/>
    public void Heartbeat() => Progress.Heartbeat();

    /// <inheritdoc cref="ITaskProgress.SaveAsync{T}"/>
    public Task SaveProgressAsync<T>(T progress, CancellationToken cancellationToken = default) => Progress.SaveAsync(progress, cancellationToken);

    /// <inheritdoc cref="ITaskProgress.TryGet{T}"/>
    public bool TryGetProgress<T>([MaybeNullWhen(false)] out T progress) => Progress.TryGet(out progress);
}

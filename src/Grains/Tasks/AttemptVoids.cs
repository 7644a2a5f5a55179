using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Tasks;

/// <summary>Tells nodes which of their attempts are void, so that their handlers stop.</summary>
internal interface IAttemptVoids
{
    /// <summary>Tells each node at once of all its attempts. One that cannot be reached has its reports refused by the rows all the same.</summary>
    Task TellAsync(IEnumerable<(NodeIncarnation Owner, AttemptName Attempt)> attempts);
}

/// <inheritdoc/>
internal sealed partial class AttemptVoids(NodeDirectory nodes, NodeLinks links, NodeSuspicions suspicions, ILogger<AttemptVoids> logger) : IAttemptVoids
{
    public Task TellAsync(IEnumerable<(NodeIncarnation Owner, AttemptName Attempt)> attempts) =>
        Task.WhenAll(attempts.GroupBy(one => one.Owner, one => one.Attempt).Select(owned => TellAsync(owned.Key, [.. owned])));

    private async Task TellAsync(NodeIncarnation incarnation, IReadOnlyList<AttemptName> attempts)
    {
        if (nodes.Find(incarnation) is not { } owner)
        {
            return;
        }

        try
        {
            await links.To(owner.Info.Address).VoidAsync(attempts);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            suspicions.OnCallFailed(incarnation, exception);
            LogNotVoided(exception, attempts[0].Task, attempts[0].Attempt, attempts.Count, owner.Row.Name);
        }
    }

    [LoggerMessage(EventIds.AttemptNotVoided, LogLevel.Warning,
        "Task {TaskId}, attempt {Attempt}, the first of {Count}: node {Node} could not be told to stop its handler.")]
    private partial void LogNotVoided(Exception exception, TaskId taskId, int attempt, int count, string node);
}

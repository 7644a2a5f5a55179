using System.Collections.Concurrent;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Tells the failure detector of nodes that could not be called, so that it looks into them before their silence is long.</summary>
/// <remarks>All of it may be lost. Of one node it is told at most once in <see cref="Pause"/>, however many calls fail.</remarks>
/// <param name="tell">Tells the detector.</param>
/// <param name="clock">The clock.</param>
/// <param name="timeProvider">Where the deadline of telling comes from.</param>
/// <param name="logger">The log.</param>
internal sealed partial class NodeSuspicions(
    Func<NodeIncarnation, string, Task> tell, MonotonicClock clock, TimeProvider timeProvider, ILogger<NodeSuspicions> logger)
{
    /// <summary>From one word on a node to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How many nodes are remembered; past it the memory is dropped, and a word may come too early.</summary>
    private const int MaxRemembered = 1_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<NodeIncarnation, TimeSpan> _told = new();

    /// <summary>Says that a call to a node failed. Returns at once.</summary>
    public void OnCallFailed(NodeIncarnation node, Exception failure)
    {
        var now = clock.Now;
        if (_told.TryGetValue(node, out var last) ? now - last < Pause || !_told.TryUpdate(node, now, last) : !_told.TryAdd(node, now))
        {
            return;
        }

        if (_told.Count > MaxRemembered)
        {
            _told.Clear();
        }

        TellAsync(node, failure).Ignore();
    }

    private async Task TellAsync(NodeIncarnation node, Exception failure)
    {
        try
        {
            await tell(node, $"A call to it failed: {FirstLine(failure.Message)}").WaitAsync(Limit, timeProvider);
        }
        catch (Exception exception)
        {
            LogNotTold(exception, node);
        }
    }

    /// <summary>The messages of some failures carry whole stack traces.</summary>
    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd();

    [LoggerMessage(EventIds.SuspicionNotTold, LogLevel.Debug, "Life {Incarnation}: the failure detector could not be told that a call to it failed; it hears the silence by itself.")]
    private partial void LogNotTold(Exception exception, NodeIncarnation incarnation);
}

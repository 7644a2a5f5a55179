using FaultTolerance.Grains.Recovery;
using FaultTolerance.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>Finds the incidents that handlers of failures are to be called for, oldest first, and has them called.</summary>
/// <remarks>
/// It begins with the oldest of the window and finds in each incident what is done; what it remembers only spares reading that again.
/// Each handler has its own progress, so that one that hangs holds up no other. Those that have come equally far share what is read. After a step of
/// the store's clock all begin again: what was recorded since may stand before what they have read.
/// </remarks>
internal sealed class FollowUpSweeper : IRecoverySweeper
{
    /// <summary>How many incidents may wait for one handler before no more are read for it.</summary>
    private const int MaxWaiting = 1_000;

    private readonly IDurableStore _store;
    private readonly IncidentLog _incidents;
    private readonly TimeSpan _window;
    private readonly IReadOnlyList<(FailureHandlerQueue Queue, FollowUpCursor Cursor)> _handlers;
    private int _clockSteps;

    public FollowUpSweeper(
        IDurableStore store, IncidentLog incidents, IEnumerable<FailureHandlerEntry> handlers, IServiceProvider services, IOptions<FailureHandlerOptions> options)
    {
        (_store, _incidents, _window) = (store, incidents, options.Value.Window);
        _handlers = [.. handlers.Select(handler => (ActivatorUtilities.CreateInstance<FailureHandlerQueue>(services, handler), new FollowUpCursor()))];
    }

    public RecoverySweep Sweep => RecoverySweep.FollowUps;

    /// <summary>Gets the calls that are under way, of each handler.</summary>
    internal IReadOnlyList<Task> Running => [.. _handlers.Select(handler => handler.Queue.Running)];

    /// <summary>Gets the calls that were given up on and have not ended.</summary>
    internal Task Hanging => Task.WhenAll(_handlers.Select(handler => handler.Queue.Hanging));

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        ResetAfterStep();
        var start = _store.ClockReading - _window;
        var read = new Dictionary<(DateTimeOffset At, string? Key, int Limit), IncidentPage>();
        foreach (var (queue, cursor) in _handlers.Where(handler => handler.Queue.Count < MaxWaiting))
        {
            var next = cursor.Next(start);
            if (!read.TryGetValue(next, out var page))
            {
                page = read[next] = await _incidents.ListAfterAsync(next.At, next.Key, next.Limit, cancellationToken);
            }

            foreach (var incident in cursor.Take(page))
            {
                queue.Add(incident);
            }
        }

        foreach (var (queue, _) in _handlers)
        {
            queue.RunSoon(cancellationToken);
        }
    }

    private void ResetAfterStep()
    {
        if (_store.ClockSteps is var steps && steps != _clockSteps)
        {
            _clockSteps = steps;
            _handlers.ToList().ForEach(handler => handler.Cursor.Reset());
        }
    }
}

using FaultTolerance.Grains.Recovery;
using FaultTolerance.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>Finds the incidents that handlers of failures are to be called for, oldest first, and has them called.</summary>
/// <remarks>It begins with the oldest of the window and finds in each incident what is done; what it remembers only spares reading that again.</remarks>
internal sealed class FollowUpSweeper : IRecoverySweeper
{
    /// <summary>How many incidents are read in one step beyond those that are remembered.</summary>
    private const int PageSize = 100;

    /// <summary>How many incidents may wait for one handler before no more are read.</summary>
    private const int MaxWaiting = 1_000;

    /// <summary>How many incidents are read in one step at the most. Of more than these within a minute the rest waits until the order is settled.</summary>
    private const int MaxRead = 1_000;

    private readonly IDurableStore _store;
    private readonly IncidentLog _incidents;
    private readonly TimeSpan _window;
    private readonly IReadOnlyList<FailureHandlerQueue> _queues;
    private readonly Dictionary<string, DateTimeOffset> _unsettled = new(StringComparer.Ordinal);
    private (DateTimeOffset At, string? Key)? _after;

    public FollowUpSweeper(
        IDurableStore store, IncidentLog incidents, IEnumerable<FailureHandlerEntry> handlers, IServiceProvider services, IOptions<FailureHandlerOptions> options)
    {
        (_store, _incidents, _window) = (store, incidents, options.Value.Window);
        _queues = [.. handlers.Select(handler => ActivatorUtilities.CreateInstance<FailureHandlerQueue>(services, handler))];
    }

    public RecoverySweep Sweep => RecoverySweep.FollowUps;

    /// <summary>Gets the calls that are under way.</summary>
    internal Task Running => Task.WhenAll(_queues.Select(queue => queue.Running));

    /// <summary>Gets the calls that were given up on and have not ended.</summary>
    internal Task Hanging => Task.WhenAll(_queues.Select(queue => queue.Hanging));

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        if (_queues.Count == 0)
        {
            return;
        }

        if (_queues.All(queue => queue.Count < MaxWaiting))
        {
            await ReadAsync(cancellationToken);
        }

        foreach (var queue in _queues)
        {
            queue.RunSoon(cancellationToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (at, key) = _after ?? (_store.Now - _window, null);
        var page = await _incidents.ListAfterAsync(at, key, Math.Min(PageSize + _unsettled.Count, MaxRead), cancellationToken);
        foreach (var found in page.Incidents)
        {
            if (found.RecordedAt <= page.SettledAt)
            {
                _after = (found.RecordedAt, found.Incident.Key);
            }

            if (_unsettled.TryAdd(found.Incident.Key, found.RecordedAt))
            {
                foreach (var queue in _queues)
                {
                    queue.Add(found.Incident);
                }
            }
        }

        foreach (var settled in _unsettled.Where(seen => seen.Value <= page.SettledAt && seen.Value <= _after?.At).ToList())
        {
            _unsettled.Remove(settled.Key);
        }
    }
}

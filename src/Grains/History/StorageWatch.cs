using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>Notices, looked at with each heartbeat, when this node cannot reach the store and when it can again.</summary>
/// <remarks>A process that stood still did not look meanwhile: what it finds when it wakes has just begun, and is no outage.</remarks>
internal sealed class StorageWatch(IDurableStore store, CondemnationGuard guard, MonotonicClock clock, IOptions<NodeDetectionOptions> options)
{
    /// <summary>For how long an outage that is over is kept for whoever records it.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset? _began;
    private StorageOutage? _over;

    /// <summary>Looks whether the store is away.</summary>
    public void Look()
    {
        lock (_lock)
        {
            if (guard.IsCutOff(clock.Now))
            {
                _began ??= store.Now - (options.Value.LeaseLength / 2); // the guard takes that long to be sure
            }
            else if (_began is { } began)
            {
                (_over, _began) = (new StorageOutage(began, store.Now), null);
            }
        }
    }

    /// <summary>Returns the newest outage that is over, once.</summary>
    public StorageOutage? Take()
    {
        lock (_lock)
        {
            var over = _over;
            _over = null;
            return over?.Ended + Kept >= store.Now ? over : null;
        }
    }
}

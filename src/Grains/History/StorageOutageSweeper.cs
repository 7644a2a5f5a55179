using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>Records outages of the store that lasted longer than a lease, one incident each, when the store is back.</summary>
/// <remarks>
/// It runs in one place of the cluster, so that an outage which all nodes share is recorded once. A node that alone lost the store
/// tells that by its log and its lease. When an outage began is known to within half a lease; if the silo of this shard is lost
/// meanwhile, its successor counts from its own start.
/// </remarks>
internal sealed partial class StorageOutageSweeper(
    IDurableStore store,
    IncidentLog incidents,
    CondemnationGuard guard,
    LocalNode node,
    IClusterEvents events,
    MonotonicClock clock,
    IOptions<NodeDetectionOptions> options,
    ILogger<StorageOutageSweeper> logger) : IRecoverySweeper
{
    private IncidentSnapshot? _outage;

    public RecoverySweep Sweep => RecoverySweep.StorageOutages;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        var lease = options.Value.LeaseLength;
        if (guard.IsCutOff(clock.Now))
        {
            _outage ??= Begin(store.Now - (lease / 2));
            return;
        }

        if (_outage is not { BeganAt: { } began })
        {
            return;
        }

        // Once ended it keeps its end, however often the record has to be tried.
        _outage = _outage.RecoveredAt is null ? End(_outage, began, store.Now) : _outage;
        if (_outage.Elapsed >= lease && await incidents.AddAsync(_outage, cancellationToken) is { } added)
        {
            LogOver(added.Elapsed!.Value);
            events.OnIncident(added);
        }

        _outage = null;
    }

    private IncidentSnapshot Begin(DateTimeOffset began) => new()
    {
        Key = $"storage/{began.UtcTicks:x}-{node.Incarnation}",
        Entity = FailedEntity.Storage,
        Kind = FailureKind.StoreUnreachable,
        BeganAt = began,
        Limit = options.Value.LeaseLength,
    };

    private IncidentSnapshot End(IncidentSnapshot outage, DateTimeOffset began, DateTimeOffset now) => outage with
    {
        At = now,
        RecoveredAt = now,
        Elapsed = now - began,
        Evidence = $"Node {node.Name} could not reach the store from {began:O} to {now:O}.",
    };

    [LoggerMessage(EventIds.StorageOutageOver, LogLevel.Warning, "The store could not be reached for {Elapsed}; it is back.")]
    private partial void LogOver(TimeSpan elapsed);
}

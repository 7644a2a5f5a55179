using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>Records outages of the store that lasted longer than a lease, one incident each, when the store is back.</summary>
/// <remarks>It runs in one place of the cluster, so that an outage which all nodes share is recorded once. A node that alone lost the store tells that by its log and its lease.</remarks>
internal sealed partial class StorageOutageSweeper(
    IDurableStore store,
    IncidentLog incidents,
    StorageWatch watch,
    LocalNode node,
    IClusterEvents events,
    IOptions<NodeDetectionOptions> options,
    ILogger<StorageOutageSweeper> logger) : IRecoverySweeper
{
    /// <summary>How many incidents are looked at for one of the same outage, recorded when this shard was on another silo.</summary>
    private const int MaxLooked = 50;

    private StorageOutage? _outage;

    public RecoverySweep Sweep => RecoverySweep.StorageOutages;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        _outage = watch.Take() ?? _outage;
        if (_outage is not { } outage)
        {
            return;
        }

        if (outage.Length >= options.Value.LeaseLength && !(await incidents.ListAsync(MaxLooked, cancellationToken)).Any(outage.Overlaps))
        {
            await RecordAsync(outage, cancellationToken);
        }

        _outage = null;
    }

    private async Task RecordAsync(StorageOutage outage, CancellationToken cancellationToken)
    {
        var incident = new IncidentSnapshot
        {
            Key = $"storage/{outage.Began.UtcTicks:x}",
            Entity = FailedEntity.Storage,
            Kind = FailureKind.StoreUnreachable,
            At = store.Now,
            BeganAt = outage.Began,
            RecoveredAt = outage.Ended,
            Elapsed = outage.Length,
            Limit = options.Value.LeaseLength,
            Evidence = $"Node {node.Name} could not reach the store from {outage.Began:O} to {outage.Ended:O}.",
        };
        if (await incidents.AddAsync(incident, cancellationToken) is { } added)
        {
            LogOver(outage.Length);
            events.OnIncident(added);
        }
    }

    [LoggerMessage(EventIds.StorageOutageOver, LogLevel.Warning, "The store could not be reached for {Elapsed}; it is back.")]
    private partial void LogOver(TimeSpan elapsed);
}

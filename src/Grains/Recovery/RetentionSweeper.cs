using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Purges what its retention has ended for, in small steps.</summary>
internal sealed partial class RetentionSweeper(
    IDurableStore store, MonotonicClock clock, IOptions<RecoveryOptions> options, ILogger<RetentionSweeper> logger) : IRecoverySweeper
{
    private readonly RecoveryOptions _options = options.Value;
    private readonly SweepRhythm _rhythm = new(clock, options.Value.PurgeInterval);

    public RecoverySweep Sweep => RecoverySweep.Retention;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        if (!_rhythm.TryBegin())
        {
            return;
        }

        var now = store.Now;
        var history = now - _options.HistoryRetention;
        int[] purged =
        [
            await store.PurgeAsync(TaskPhase.Succeeded, now - _options.SucceededRetention, _options.BatchSize, cancellationToken),
            await store.PurgeAsync(TaskPhase.Failed, now - _options.FailedRetention, _options.BatchSize, cancellationToken),
            await store.PurgeAsync(TaskPhase.Cancelled, now - _options.FailedRetention, _options.BatchSize, cancellationToken),
            await store.PurgeNodesAsync(history, _options.BatchSize, cancellationToken),
            await store.PurgeEventsAsync(history, _options.BatchSize, cancellationToken),
        ];
        if (purged.Sum() > 0)
        {
            LogPurged(purged[0], purged[1], purged[2], purged[3], purged[4]);
        }

        if (purged.Max() < _options.BatchSize)
        {
            _rhythm.EndRound();
        }
    }

    [LoggerMessage(EventIds.RowsPurged, LogLevel.Debug, "Purged {Succeeded} succeeded, {Failed} failed and {Cancelled} cancelled tasks, {Nodes} nodes, {Events} events.")]
    private partial void LogPurged(int succeeded, int failed, int cancelled, int nodes, int events);
}

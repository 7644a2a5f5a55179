using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What this silo sends out at each heartbeat: the heartbeat itself, and a touch to every shard of recovery. All of it may be lost.</summary>
internal sealed partial class Pulse(
    IGrainFactory grains,
    NodeAgent agent,
    NodeHealth health,
    StorageWatch storage,
    IOptions<RecoveryOptions> options,
    TimeProvider timeProvider,
    ILogger<Pulse> logger)
{
    /// <summary>How long one of these calls may take. A slow or lost one costs a log line.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Task> _underWay = [];
    private readonly ProcessGauge _gauge = new(timeProvider);
    private long _sequence;

    private const int Heartbeat = -1;

    /// <summary>Sends what is due, and does not wait for the answers: one that hangs must not hold up the next.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        storage.Look();
        var delay = await PoolGauge.MeasureAsync(timeProvider);
        var heartbeat = _gauge.AddTo(agent.Describe() with { Sequence = ++_sequence, PoolDelay = delay });
        health.Note(heartbeat);
        Send(Heartbeat, isUrgent: false, () => grains.GetGrain<IFailureDetectorGrain>(0).HeartbeatAsync(heartbeat));
        TouchRecovery(isUrgent: false);
    }

    /// <summary>Touches every shard of recovery.</summary>
    /// <param name="isUrgent">
    /// Whether also those whose former touch is under way. A shard that lived on a node that died does not answer the touch which told of the
    /// death; once Orleans has dropped the silo, another touch finds the shard elsewhere.
    /// </param>
    public void TouchRecovery(bool isUrgent)
    {
        for (var shard = 0; shard < options.Value.Shards; shard++)
        {
            var key = shard;
            Send(key, isUrgent, () => grains.GetGrain<IRecoveryGrain>(key).TouchAsync());
        }
    }

    private void Send(int what, bool isUrgent, Func<Task> call)
    {
        lock (_lock) // the looks touch, too
        {
            if (isUrgent || !_underWay.TryGetValue(what, out var former) || former.IsCompleted)
            {
                _underWay[what] = SendAsync(what, call);
            }
        }
    }

    private async Task SendAsync(int what, Func<Task> call)
    {
        try
        {
            await call().WaitAsync(Limit, timeProvider);
        }
        catch (Exception exception)
        {
            LogNotSent(what == Heartbeat ? "the failure detector" : $"recovery shard {what}", exception.Message);
        }
    }

    [LoggerMessage(EventIds.HeartbeatFailed, LogLevel.Warning, "A heartbeat did not reach {Receiver}; the next one may: {Reason}")]
    private partial void LogNotSent(string receiver, string reason);
}

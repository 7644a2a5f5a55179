using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Bounds how fast one shard recovers, all dead nodes and orphans together: after each batch's worth of attempts it makes the pause that the rate asks for.</summary>
internal sealed class RecoveryPace(IOptions<RecoveryOptions> options, TimeProvider timeProvider)
{
    private int _sincePause;

    /// <summary>Takes note of attempts that were recovered, and makes the pause that is due.</summary>
    public Task KeepAsync(int recovered, CancellationToken cancellationToken)
    {
        _sincePause += recovered;
        if (_sincePause < options.Value.BatchSize)
        {
            return Task.CompletedTask;
        }

        var pause = TimeSpan.FromSeconds((double)_sincePause / options.Value.AttemptsPerSecond);
        _sincePause = 0;
        return Task.Delay(pause, timeProvider, cancellationToken);
    }
}

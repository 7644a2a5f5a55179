using FaultTolerance.Grains.Nodes;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Bounds how fast one shard recovers, all dead nodes and orphans together: a first batch at once, and then what the rate has granted since.</summary>
/// <remarks>Nobody waits for it: who is granted nothing leaves the rest to the next pass, so that the shard's other duties go on.</remarks>
internal sealed class RecoveryPace(IOptions<RecoveryOptions> options, MonotonicClock clock)
{
    /// <summary>For how long a shard that has work is granted more than one batch without taking it. It asks several times a second then; one that asks for nothing in this time had no work.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    private double? _granted;
    private TimeSpan _at;

    /// <summary>Gets or sets a value indicating whether somebody with other work than dead nodes was granted nothing: then it has the next page.</summary>
    public bool IsOwed { get; set; }

    /// <summary>Gets how many attempts may be recovered now in one page; none when it is too few to be worth the round trip.</summary>
    public int Page
    {
        get
        {
            Accrue();
            var batch = options.Value.BatchSize;
            var least = Math.Clamp(options.Value.AttemptsPerSecond / 10, 1, Math.Max(1, batch / 4));
            var page = (int)Math.Min(batch, _granted!.Value + 1e-6); // the sum of many fractions of an attempt is that much off at the most
            return page < least ? 0 : page;
        }
    }

    /// <summary>Takes note of attempts that were recovered.</summary>
    public void Take(int recovered) => _granted -= recovered;

    private void Accrue()
    {
        var (batch, rate, now) = (options.Value.BatchSize, options.Value.AttemptsPerSecond, clock.Now);
        var passed = now - _at;
        var most = passed <= Kept ? Math.Max(batch, rate * Kept.TotalSeconds) : batch;
        _granted = Math.Min(_granted + (passed.TotalSeconds * rate) ?? batch, most);
        _at = now;
    }
}

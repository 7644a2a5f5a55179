using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Execution;

/// <summary>One attempt that runs on this node: its token, and who gets to say how it ended.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _timeProvider;
    private readonly ITimer? _limit;
    private ITimer? _grace;
    private int _isReported;

    /// <param name="task">The task, at this attempt.</param>
    /// <param name="timeout">How long the attempt may run.</param>
    /// <param name="remaining">How long the task may still take in all; null for no limit.</param>
    /// <param name="grace">How long the handler may run on after its token has fired.</param>
    /// <param name="givenUp">Called once when the grace is over and the handler has not ended.</param>
    /// <param name="timeProvider">The clock.</param>
    public Attempt(TaskState task, TimeSpan timeout, TimeSpan? remaining, TimeSpan grace, Action<Attempt> givenUp, TimeProvider timeProvider)
    {
        (Task, Timeout, _timeProvider) = (task, timeout, timeProvider);
        var (limit, cause) = remaining < timeout
            ? (remaining.Value < TimeSpan.Zero ? TimeSpan.Zero : remaining.Value, FailureKind.DeadlineExceeded)
            : (timeout, FailureKind.Timeout);
        _stop.Token.UnsafeRegister(
            _ => _grace = _timeProvider.CreateTimer(_ => givenUp(this), null, grace, System.Threading.Timeout.InfiniteTimeSpan), null);
        _limit = _timeProvider.CreateTimer(_ => Expire(cause), null, limit, System.Threading.Timeout.InfiniteTimeSpan);
    }

    public TaskState Task { get; }

    public TimeSpan Timeout { get; }

    public CancellationToken Token => _stop.Token;

    /// <summary>When the handler was called, in the store's time; null before.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The limit in time that stopped the attempt, if one did.</summary>
    public FailureKind? Expired { get; private set; }

    /// <summary>Why the attempt was stopped from outside, if it was.</summary>
    public StopReason? Stopped { get; private set; }

    /// <summary>Returns true for the one caller who gets to report how the attempt ended.</summary>
    public bool TryReport() => Interlocked.Exchange(ref _isReported, 1) == 0;

    public void Stop(StopReason reason)
    {
        Stopped ??= reason;
        Fire();
    }

    /// <summary>Ends the timers. The token's source holds nothing else, and may still be fired by a late stop.</summary>
    public void Dispose()
    {
        _limit?.Dispose();
        _grace?.Dispose();
    }

    private void Expire(FailureKind cause)
    {
        Expired = cause;
        Fire();
    }

    // Callbacks on the token are user code: they run on the pool, not on the thread that stops the attempt, and what they
    // throw is theirs.
    private void Fire() => _stop.CancelAsync().Ignore();
}

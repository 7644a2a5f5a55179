using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Execution;

/// <summary>One attempt that runs on this node: its token, and who gets to say how it ended.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _grace;
    private readonly Action<Attempt> _givenUp;
    private readonly ITimer _limit;
    private ITimer? _graceTimer;
    private bool _isReported;

    /// <param name="task">The task, at this attempt.</param>
    /// <param name="timeout">How long the attempt may run.</param>
    /// <param name="remaining">How long the task may still take in all; null for no limit.</param>
    /// <param name="grace">How long the handler may run on after its token has fired.</param>
    /// <param name="givenUp">Called once when the grace is over and the handler has not ended.</param>
    /// <param name="post">Takes what the attempt has to tell its pipeline.</param>
    /// <param name="clock">The time in which a handler may be silent.</param>
    /// <param name="timeProvider">The time in which all other limits count.</param>
    public Attempt(
        TaskState task,
        TimeSpan timeout,
        TimeSpan? remaining,
        TimeSpan grace,
        Action<Attempt> givenUp,
        Action<PipelineEvent> post,
        AwakeClock clock,
        TimeProvider timeProvider)
    {
        (Task, Timeout, Post, _timeProvider, _grace, _givenUp) = (task, timeout, post, timeProvider, grace, givenUp);
        var (limit, cause) = remaining < timeout
            ? (remaining.Value < TimeSpan.Zero ? TimeSpan.Zero : remaining.Value, FailureKind.DeadlineExceeded)
            : (timeout, FailureKind.Timeout);
        Heartbeats = task.Spec.HeartbeatTimeout is { } silence ? new HeartbeatWatch(silence, clock, timeProvider, FallSilent) : null;
        _limit = _timeProvider.CreateTimer(_ => Fire(() => Expired = cause), null, limit, System.Threading.Timeout.InfiniteTimeSpan);
    }

    public TaskState Task { get; }

    public TimeSpan Timeout { get; }

    /// <summary>Gets what takes the attempt's events, in their order. It only queues them: it may be called under the attempt's lock.</summary>
    public Action<PipelineEvent> Post { get; }

    public CancellationToken Token => _stop.Token;

    /// <summary>Watches over the handler's signs of life; null where the call asks for none.</summary>
    public HeartbeatWatch? Heartbeats { get; }

    /// <summary>How long the handler had given no sign of life when it was stopped for that.</summary>
    public TimeSpan Silence { get; private set; }

    /// <summary>When the handler was called, in the store's time; null before.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The limit in time that stopped the attempt, if one did.</summary>
    public FailureKind? Expired { get; private set; }

    /// <summary>Why the attempt was stopped from outside, if it was.</summary>
    public StopReason? Stopped { get; private set; }

    /// <summary>Whether the attempt was told to stop. What came first is the reason, and stays it.</summary>
    public bool IsStopped
    {
        get
        {
            lock (_lock)
            {
                return Expired is not null || Stopped is not null;
            }
        }
    }

    /// <summary>Posts how the attempt ended, for the one caller who comes first; everybody else gets false.</summary>
    /// <remarks>False comes back only after the first report is posted: what a late caller posts then, its slot, goes behind it.</remarks>
    public bool TryReport(AttemptEnded ended)
    {
        lock (_lock)
        {
            if (_isReported)
            {
                return false;
            }

            _isReported = true;
            Post(ended);
            return true;
        }
    }

    public void Stop(StopReason reason) => Fire(() => Stopped = reason);

    /// <summary>Ends the timers. The token's source holds nothing else, and may still be fired by a late stop.</summary>
    public void Dispose()
    {
        _limit.Dispose();
        Heartbeats?.Dispose();
        lock (_lock)
        {
            _graceTimer?.Dispose();
        }
    }

    private void FallSilent(TimeSpan silence) => Fire(() => (Expired, Silence) = (FailureKind.HeartbeatTimeout, silence));

    private void Fire(Action note)
    {
        lock (_lock)
        {
            if (Expired is not null || Stopped is not null)
            {
                return;
            }

            note();
            _graceTimer = _timeProvider.CreateTimer(_ => _givenUp(this), null, _grace, System.Threading.Timeout.InfiniteTimeSpan);
        }

        // Callbacks on the token are user code: they run on the pool, not on the thread that stops the attempt, and what they
        // throw is theirs.
        _stop.CancelAsync().Ignore();
    }
}

using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Execution;

/// <summary>Says what the end of an attempt is to be told as: what its handler did, and why it was stopped if it was, come to one event.</summary>
/// <param name="incarnation">The life of the node that runs the attempts.</param>
/// <param name="node">The node's name.</param>
internal sealed class AttemptEndings(NodeIncarnation incarnation, string node)
{
    /// <summary>The handler returned. What came after a limit in time is no success any more.</summary>
    public AttemptEvent Returned(Attempt attempt, DateTimeOffset now) => attempt.Expired is null
        ? new AttemptSucceeded(attempt.Task.Attempt, incarnation, node, attempt.StartedAt ?? now)
        : Stopped(attempt, now);

    /// <summary>The attempt failed for good.</summary>
    public AttemptFailed Failed(Attempt attempt, FailureKind kind, string message) => Failed(attempt, FailureOf(kind, message));

    /// <inheritdoc cref="Failed(Attempt, FailureKind, string)"/>
    public AttemptFailed Failed(Attempt attempt, TaskFailure failure) => End(attempt, failure with { Node = node }, false);

    /// <summary>The call does not fit the handler.</summary>
    public AttemptFailed Failed(Attempt attempt, InvalidArgumentException exception) =>
        End(attempt, FailureDescription.Of(exception, FailureKind.InvalidCall, node), false);

    /// <summary>The handler, or what is done before it is called, threw.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="retryOn">The exception types that call and handler list.</param>
    /// <param name="handler">The handler's instance; null when there is none yet.</param>
    /// <param name="repeatDelay">How long to wait before a step that the store failed is tried again.</param>
    /// <param name="now">The store's time.</param>
    public AttemptEvent Threw(
        Attempt attempt, Exception exception, IEnumerable<string> retryOn, object? handler, TimeSpan repeatDelay, DateTimeOffset now)
    {
        if (attempt.IsStopped)
        {
            // Whatever it threw: many libraries wrap a cancellation into an exception of their own.
            return Stopped(attempt, now, exception);
        }

        if (attempt.StartedAt is null && exception is StoreException { IsRetryable: true })
        {
            // The store could not be read before the handler was called: the attempt costs the task nothing but time.
            var delay = RetryDelay.Unstarted(repeatDelay, attempt.Task.Life.Unstarted);
            return new AttemptReleased(attempt.Task.Attempt, incarnation, node, null, Delay: delay);
        }

        if (exception is OutOfMemoryException)
        {
            return End(attempt, FailureDescription.Of(exception, FailureKind.OutOfMemory, node), true);
        }

        var mayRetry = FailureDescription.MayRetry(exception, attempt.Task.Attempt, retryOn, handler, out var filterError);
        var failure = FailureDescription.Of(exception, FailureKind.UserException, node);
        if (filterError is not null)
        {
            failure = failure with
            {
                Message = $"{failure.Message} (The handler's retry filter was asked and threw {filterError.GetType()}: {FailureDescription.MessageOf(filterError)})",
            };
        }

        return End(attempt, failure, mayRetry, (exception as RetryAfterException)?.Delay);
    }

    /// <summary>The attempt was stopped: by a limit in time, or from outside. The reason that came first decides.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="exception">What the handler threw then, if it threw.</param>
    public AttemptEvent Stopped(Attempt attempt, DateTimeOffset now, Exception? exception = null)
    {
        if (attempt.Stopped is StopReason.Drained or StopReason.LeaseLost)
        {
            var reason = attempt.Stopped == StopReason.Drained ? FailureKind.Drained : FailureKind.LeaseLost;
            return new AttemptReleased(attempt.Task.Attempt, incarnation, node, attempt.StartedAt, reason);
        }

        var (kind, message, mayRetry) = attempt switch
        {
            { Expired: FailureKind.DeadlineExceeded } => (FailureKind.DeadlineExceeded, $"The task had to end by {attempt.Task.Deadline:O}.", false),
            { Expired: FailureKind.Timeout } => (FailureKind.Timeout,
                $"The attempt ran for {(now - (attempt.StartedAt ?? attempt.Task.Claimed ?? now)).TotalSeconds:F1} s; its limit is {attempt.Timeout.TotalSeconds:F1} s.", true),
            { Expired: FailureKind.HeartbeatTimeout } => (FailureKind.HeartbeatTimeout,
                $"The attempt gave no sign of life for {attempt.Silence.TotalSeconds:F1} s; its limit is {attempt.Heartbeats!.Limit.TotalSeconds:F1} s (HeartbeatTimeout).", true),
            _ => (FailureKind.Cancelled, "The attempt was stopped.", false),
        };
        var cause = exception is null or OperationCanceledException ? null : FailureDescription.Of(exception, FailureKind.UserException, node);
        return End(attempt, FailureOf(kind, message) with { Cause = cause }, mayRetry);
    }

    private AttemptFailed End(Attempt attempt, TaskFailure failure, bool mayRetry, TimeSpan? retryAfter = null) =>
        new(attempt.Task.Attempt, incarnation, node, attempt.StartedAt, failure, mayRetry, retryAfter);

    private TaskFailure FailureOf(FailureKind kind, string message) => new() { Kind = kind, Message = message, Node = node };
}

using System.Diagnostics;

namespace FaultTolerance.Grains.Tasks;

/// <summary>The life of a task, as a pure function: a state, an event and the time go in, what becomes of the task comes out.</summary>
/// <remarks>
/// <para>Waiting → queued → running → queued again or final, and final from anywhere. A claim is not decided here: it is the
/// store's own conditional write, which raises the attempt by one.</para>
/// <para>An event of an attempt that is not the present one is stale and changes nothing (invariant 2). The row's condition on
/// phase, attempt and owner says the same once more where it counts: in the store.</para>
/// </remarks>
internal static class TaskLifecycle
{
    /// <summary>A task charged with as many deaths of nodes runs alone on its node from then on.</summary>
    public const int ChargesUntilIsolated = 2;

    /// <summary>Decides what an event makes of a task.</summary>
    /// <param name="state">The task as its row shows it.</param>
    /// <param name="happened">The event.</param>
    /// <param name="clusterPolicy">The retry policy of tasks that bring none.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="chance">A number in [0, 1) that decides the jitter of a delay.</param>
    public static TaskTransition Apply(TaskState state, TaskEvent happened, TaskRetryPolicy clusterPolicy, DateTimeOffset now, double chance)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Phase.IsFinal())
        {
            return new(state, TaskVerdict.AlreadyFinal);
        }

        if (happened is AttemptEvent attempt && !IsPresent(state, attempt))
        {
            return new(state, TaskVerdict.Stale);
        }

        var policy = state.Spec.Retry ?? clusterPolicy;
        return happened switch
        {
            AttemptSucceeded e => Succeed(state, e, now),
            AttemptFailed e => Fail(state, e, policy, now, chance),
            AttemptReleased e => Release(state, e, policy, now),
            OwnerDied e => LoseOwner(state, e, policy, now, chance),
            CancelRequested e => Cancel(state, e, now),
            LimitPassed e => PassLimit(state, e, now),
            _ => throw new UnreachableException($"A task that is {state.Phase} has no answer to {happened.GetType().Name}."),
        };
    }

    private static bool IsPresent(TaskState state, AttemptEvent e) =>
        state.Phase == TaskPhase.Running && state.Attempt == e.Attempt && state.Owner == e.Owner;

    private static TaskTransition Succeed(TaskState state, AttemptSucceeded e, DateTimeOffset now)
    {
        var record = Record(state, e, e.StartedAt, now) with { Outcome = AttemptOutcome.Succeeded };
        return End(state with { Life = state.Life.With(record) with { Failure = null } }, TaskPhase.Succeeded, now);
    }

    private static TaskTransition Fail(TaskState state, AttemptFailed e, TaskRetryPolicy policy, DateTimeOffset now, double chance)
    {
        var record = Record(state, e, e.StartedAt, now);
        if (e.Failure.Kind == FailureKind.Cancelled)
        {
            var cancelled = record with { Outcome = AttemptOutcome.Cancelled, Failure = e.Failure with { At = now } };
            return End(state with { Life = state.Life.With(cancelled) }, TaskPhase.Cancelled, now);
        }

        record = record with { Outcome = AttemptOutcome.Failed };
        return e.MayRetry
            ? RetryOrEnd(state, record, e.Failure, policy, now, chance, e.RetryAfter)
            : EndWith(state, record, e.Failure, now);
    }

    private static TaskTransition Release(TaskState state, AttemptReleased e, TaskRetryPolicy policy, DateTimeOffset now)
    {
        var record = Record(state, e, e.StartedAt, now);
        if (e.StartedAt is null)
        {
            return RequeueUnstarted(state, record, now);
        }

        var failure = Failure(FailureKind.Drained, $"Node {e.Node} left in order during the attempt.");
        if (Starts(state) >= policy.MaxAttempts)
        {
            return EndWith(state, record with { Outcome = AttemptOutcome.Failed }, failure, now);
        }

        var told = Complete(state, failure, now) with { Response = FailureResponse.Requeued, RetryAt = now };
        var life = state.Life.With(record with { Outcome = AttemptOutcome.Failed, Failure = told }).WithRetry(FailureKind.Drained);
        return Requeue(state with { Life = life }, now);
    }

    private static TaskTransition LoseOwner(TaskState state, OwnerDied e, TaskRetryPolicy policy, DateTimeOffset now, double chance)
    {
        var record = Record(state, e, null, now);
        // A heartbeat is older than the death: the handler may have started since. Where the limit of attempts would then be
        // passed ("at most once") nothing is given away.
        if (!e.MayHaveStarted && !(Starts(state) >= policy.MaxAttempts))
        {
            return RequeueUnstarted(state, record, now);
        }

        var failure = new TaskFailure
        {
            Kind = e.Kind,
            Message = e.Kind == FailureKind.Crash
                ? $"The process of node {e.Node} died during the attempt."
                : $"Node {e.Node} was declared dead during the attempt.",
        };
        var charged = state with { Life = state.Life with { Charges = state.Life.Charges + 1 } };
        return RetryOrEnd(charged, record with { Outcome = AttemptOutcome.Failed }, failure, policy, now, chance, null);
    }

    private static TaskTransition Cancel(TaskState state, CancelRequested e, DateTimeOffset now)
    {
        var failure = Complete(state, Failure(FailureKind.Cancelled, e.Reason ?? "The task was cancelled."), now);
        return End(Interrupt(state, failure, AttemptOutcome.Cancelled, now), TaskPhase.Cancelled, now, state.Phase == TaskPhase.Running);
    }

    private static TaskTransition PassLimit(TaskState state, LimitPassed e, DateTimeOffset now)
    {
        var message = e.Kind == FailureKind.DeadlineExceeded
            ? $"The task had to end by {state.Deadline:O} and did not."
            : $"The task was to start within {state.Spec.PendingTimeout} and did not.";
        var failure = Complete(state, Failure(e.Kind, message), now);
        return End(Interrupt(state, failure, AttemptOutcome.Failed, now), TaskPhase.Failed, now, state.Phase == TaskPhase.Running);
    }

    /// <summary>Writes the end of an attempt that is under way, for an end decided elsewhere than on its node.</summary>
    private static TaskState Interrupt(TaskState state, TaskFailure failure, AttemptOutcome outcome, DateTimeOffset now)
    {
        if (state.Phase != TaskPhase.Running)
        {
            return state with { Life = state.Life with { Failure = failure } };
        }

        var attempt = new AttemptRecord
        {
            Number = state.Attempt,
            Node = failure.Node ?? "",
            Incarnation = state.Owner,
            ClaimedAt = state.Claimed ?? state.Created,
            EndedAt = now,
            Outcome = outcome,
            Failure = failure,
        };
        return state with { Life = state.Life.With(attempt) };
    }

    private static TaskTransition RetryOrEnd(
        TaskState state, AttemptRecord record, TaskFailure failure, TaskRetryPolicy policy, DateTimeOffset now, double chance, TimeSpan? retryAfter)
    {
        var used = state.Life.RetriesOf(failure.Kind);
        var budget = RetryDelay.BudgetOf(policy, failure.Kind);
        var isSpent = budget != TaskRetryPolicy.Unlimited && used >= budget;
        if (isSpent || Starts(state) >= policy.MaxAttempts)
        {
            return EndWith(state, record, failure, now);
        }

        var due = now + (retryAfter ?? RetryDelay.Of(policy, failure.Kind, used, chance));
        if (state.Deadline is { } deadline && due >= deadline)
        {
            return EndWith(state, record, failure, now);
        }

        var told = Complete(state, failure, now) with
        {
            Response = state.IsIsolated ? FailureResponse.Isolated : FailureResponse.Retried,
            RetryAt = due,
        };
        var life = state.Life.With(record with { Failure = told }).WithRetry(failure.Kind);
        return Requeue(state with { Life = life }, due);
    }

    private static TaskTransition EndWith(TaskState state, AttemptRecord record, TaskFailure failure, DateTimeOffset now)
    {
        var told = Complete(state, failure, now) with { Response = FailureResponse.Failed };
        return End(state with { Life = state.Life.With(record with { Failure = told }) }, TaskPhase.Failed, now);
    }

    private static TaskTransition RequeueUnstarted(TaskState state, AttemptRecord record, DateTimeOffset now)
    {
        var life = state.Life.With(record with { Outcome = AttemptOutcome.Released });
        return Requeue(state with { Life = life with { Unstarted = life.Unstarted + 1 } }, now);
    }

    private static int Starts(TaskState state) => state.Attempt - state.Life.Unstarted;

    private static TaskTransition Requeue(TaskState state, DateTimeOffset due) =>
        new(state with { Phase = TaskPhase.Queued, Owner = NodeIncarnation.None, Due = due }, TaskVerdict.Changed);

    private static TaskTransition End(TaskState state, TaskPhase phase, DateTimeOffset now, bool stopsAttempt = false) =>
        new(state with { Phase = phase, Owner = NodeIncarnation.None, Finished = now }, TaskVerdict.Changed, stopsAttempt);

    private static AttemptRecord Record(TaskState state, AttemptEvent e, DateTimeOffset? startedAt, DateTimeOffset now) => new()
    {
        Number = e.Attempt,
        Node = e.Node,
        Incarnation = e.Owner,
        ClaimedAt = state.Claimed ?? state.Created,
        StartedAt = startedAt,
        EndedAt = now,
    };

    private static TaskFailure Failure(FailureKind kind, string message) => new() { Kind = kind, Message = message };

    private static TaskFailure Complete(TaskState state, TaskFailure failure, DateTimeOffset now) =>
        failure with { TaskId = state.Id, Attempt = state.Attempt, At = now };
}

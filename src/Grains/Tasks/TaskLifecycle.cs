using System.Diagnostics;

namespace FaultTolerance.Grains.Tasks;

/// <summary>The life of a task, as a pure function: a state, an event and the time go in, what becomes of the task comes out.</summary>
/// <remarks>
/// <para>Waiting → queued → running → queued again or final, and final from anywhere. A claim is not decided here: it is the
/// store's own conditional write, which raises the attempt by one.</para>
/// <para>An event of an attempt that is not the present one is stale and changes nothing (invariant 2). The row's condition on
/// phase, attempt and owner says the same once more where it counts: in the store. An event that nobody can truly say of a task
/// in its phase throws: it is a defect of the caller.</para>
/// </remarks>
internal static class TaskLifecycle
{
    /// <summary>A task charged with as many crashes runs alone on its node from then on.</summary>
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
            ProgressSaved e => Save(state, e, now),
            AttemptReleased { Cause: FailureKind.Drained or FailureKind.LeaseLost } e => Release(state, e, policy, now),
            OwnerDied { Kind: FailureKind.Crash or FailureKind.NodeLost } e => LoseOwner(state, e, policy, now, chance),
            CancelRequested e => Cancel(state, e, now),
            LimitPassed { Kind: FailureKind.DeadlineExceeded } e => PassDeadline(state, e, now),
            LimitPassed { Kind: FailureKind.PendingTimeout } e when state.Phase != TaskPhase.Waiting => PassPendingTimeout(state, e, now),
            _ => throw new UnreachableException($"A task that is {state.Phase} has no answer to {happened}."),
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
            var cancelled = Told(state, e.Failure, record.Node, now);
            record = record with { Outcome = AttemptOutcome.Cancelled, Failure = cancelled };
            return End(state with { Life = state.Life.With(record) }, TaskPhase.Cancelled, now);
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
            // The time in which it was to start goes on, so it keeps its place; others go behind those that were due meanwhile.
            var due = e.Delay > TimeSpan.Zero ? now + e.Delay : state.Spec.PendingTimeout is null ? now : state.Due;
            return RequeueUnstarted(state, record, due);
        }

        var failure = Failure(e.Cause, e.Cause == FailureKind.Drained
            ? $"Node {e.Node} left in order during the attempt."
            : $"Node {e.Node} lost its lease during the attempt, stopped it, and came back.");
        if (Starts(state) >= policy.MaxAttempts)
        {
            return EndWith(state, record with { Outcome = AttemptOutcome.Failed }, failure, now);
        }

        var told = Told(state, failure, record.Node, now) with { Response = FailureResponse.Requeued, RetryAt = now };
        var life = state.Life.With(record with { Outcome = AttemptOutcome.Failed, Failure = told }).WithRetry(e.Cause);
        return Requeue(state with { Life = life }, now);
    }

    private static TaskTransition Save(TaskState state, ProgressSaved e, DateTimeOffset now)
    {
        var progress = new SavedProgress { Value = e.Value, Type = e.Type, Attempt = e.Attempt, SavedAt = now };
        return new(state with { Life = state.Life with { Progress = progress } }, TaskVerdict.Changed);
    }

    private static TaskTransition LoseOwner(TaskState state, OwnerDied e, TaskRetryPolicy policy, DateTimeOffset now, double chance)
    {
        var record = Record(state, e, null, now);
        if (!e.MayHaveStarted && !(Starts(state) >= policy.MaxAttempts))
        {
            // Free of charge, but still counted as a start: the heartbeat is older than the death, the handler may have started
            // since, and the limit of attempts holds whatever happened.
            var life = state.Life.With(record with { Outcome = AttemptOutcome.Released });
            return Requeue(state with { Life = life }, now);
        }

        var failure = new TaskFailure
        {
            Kind = e.Kind,
            Message = e.Kind == FailureKind.Crash
                ? $"The process of node {e.Node} died during the attempt."
                : $"Node {e.Node} was declared dead during the attempt.",
        };
        // Only a process that is proved gone speaks against what it ran; nodes are lost for reasons of the network and the machine.
        var charged = e.Kind == FailureKind.Crash ? state with { Life = state.Life with { Charges = state.Life.Charges + 1 } } : state;
        return RetryOrEnd(charged, record with { Outcome = AttemptOutcome.Failed }, failure, policy, now, chance, null);
    }

    private static TaskTransition Cancel(TaskState state, CancelRequested e, DateTimeOffset now) =>
        EndFromOutside(state, Failure(FailureKind.Cancelled, e.Reason ?? "The task was cancelled."), e.Node, TaskPhase.Cancelled, now);

    private static TaskTransition PassDeadline(TaskState state, LimitPassed e, DateTimeOffset now) =>
        EndFromOutside(state, Failure(e.Kind, $"The task had to end by {state.Deadline:O} and did not."), e.Node, TaskPhase.Failed, now);

    private static TaskTransition PassPendingTimeout(TaskState state, LimitPassed e, DateTimeOffset now)
    {
        var hasStarted = state.Phase == TaskPhase.Running || state.HasStarted;
        var failure = Failure(e.Kind, $"The task was to start within {state.Spec.PendingTimeout} and did not.");
        return hasStarted ? new(state, TaskVerdict.Stale) : EndFromOutside(state, failure, e.Node, TaskPhase.Failed, now);
    }

    /// <summary>Ends a task by a decision that was not made on the node of its attempt; an attempt under way ends with it.</summary>
    private static TaskTransition EndFromOutside(TaskState state, TaskFailure failure, string? node, TaskPhase phase, DateTimeOffset now)
    {
        if (state.Phase != TaskPhase.Running)
        {
            var told = FailureBounds.Bound(failure with { TaskId = state.Id, At = now });
            return End(state with { Life = state.Life with { Failure = told } }, phase, now);
        }

        var attempt = new AttemptRecord
        {
            Number = state.Attempt,
            Node = node ?? state.Owner.ToString(),
            Incarnation = state.Owner,
            ClaimedAt = state.Claimed ?? state.Created,
            EndedAt = now,
            Outcome = phase == TaskPhase.Cancelled ? AttemptOutcome.Cancelled : AttemptOutcome.Failed,
            Failure = Told(state, failure, node ?? state.Owner.ToString(), now),
        };
        return End(state with { Life = state.Life.With(attempt) }, phase, now, stopsAttempt: true);
    }

    private static TaskTransition RetryOrEnd(
        TaskState state, AttemptRecord record, TaskFailure failure, TaskRetryPolicy policy, DateTimeOffset now, double chance, TimeSpan? retryAfter)
    {
        var used = RetryDelay.UsedOf(state.Life, failure.Kind);
        var budget = RetryDelay.BudgetOf(policy, failure.Kind);
        var isSpent = budget != TaskRetryPolicy.Unlimited && used >= budget;
        if (isSpent || Starts(state) >= policy.MaxAttempts)
        {
            return EndWith(state, record, failure, now);
        }

        var due = now + (RetryDelay.Asked(retryAfter) ?? RetryDelay.Of(policy, failure.Kind, used, chance));
        if (state.Deadline is { } deadline && due >= deadline)
        {
            return EndWith(state, record, failure, now);
        }

        var told = Told(state, failure, record.Node, now) with
        {
            Response = state.IsIsolated ? FailureResponse.Isolated : FailureResponse.Retried,
            RetryAt = due,
        };
        var life = state.Life.With(record with { Failure = told }).WithRetry(failure.Kind);
        return Requeue(state with { Life = life }, due);
    }

    private static TaskTransition EndWith(TaskState state, AttemptRecord record, TaskFailure failure, DateTimeOffset now)
    {
        var told = Told(state, failure, record.Node, now) with { Response = FailureResponse.Failed };
        return End(state with { Life = state.Life.With(record with { Failure = told }) }, TaskPhase.Failed, now);
    }

    private static TaskTransition RequeueUnstarted(TaskState state, AttemptRecord record, DateTimeOffset due)
    {
        var life = state.Life.With(record with { Outcome = AttemptOutcome.Released });
        return Requeue(state with { Life = life with { Unstarted = life.Unstarted + 1 } }, due);
    }

    private static int Starts(TaskState state) => state.Attempt - state.Life.Unstarted;

    private static TaskTransition Requeue(TaskState state, DateTimeOffset due) =>
        new(state with { Phase = TaskPhase.Queued, Owner = NodeIncarnation.None, Due = due }, TaskVerdict.Changed);

    private static TaskTransition End(TaskState state, TaskPhase phase, DateTimeOffset now, bool stopsAttempt = false)
    {
        // Nobody continues a task that is final: its progress would only take room until it is purged.
        var life = state.Life with { Progress = null };
        return new(state with { Phase = phase, Owner = NodeIncarnation.None, Finished = now, Life = life }, TaskVerdict.Changed, stopsAttempt);
    }

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

    /// <summary>Completes the failure of an attempt with what the task knows: who, which attempt, where and when, and keeps it within bounds.</summary>
    private static TaskFailure Told(TaskState state, TaskFailure failure, string node, DateTimeOffset now) =>
        FailureBounds.Bound(failure with { TaskId = state.Id, Attempt = state.Attempt, Node = failure.Node ?? node, At = now });
}

using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

/// <summary>What becomes of the progress that a handler has saved.</summary>
public sealed class TaskLifecycleProgressTests
{
    private static readonly TaskState Saved = TaskLives.Running().After(TaskLives.Running().Saves(7)).State;

    public static TheoryData<string> WaysToGoOn => ["exception", "timeout", "heartbeat timeout", "crash", "lost", "drained", "lease lost", "released", "lost while waiting"];

    public static TheoryData<string> WaysToEnd => ["succeeded", "failed", "cancelled", "deadline"];

    [Fact]
    public void Progress_stands_in_the_task_with_who_saved_it_and_when_and_the_attempt_goes_on()
    {
        var before = TaskLives.Running();

        var transition = before.After(before.Saves(7));

        var progress = transition.State.Life.Progress!;
        Assert.Equal([7], progress.Value);
        Assert.Equal(("byte", 1, TaskLives.Now), (progress.Type, progress.Attempt, progress.SavedAt));
        Assert.Equal(before, transition.State with { Life = before.Life });
        Assert.Equal((false, false), (transition.IsEnd, transition.StopsAttempt));
    }

    [Fact]
    public void The_newest_progress_takes_the_place_of_the_one_before() =>
        Assert.Equal([8], Saved.After(Saved.Saves(8)).State.Life.Progress!.Value);

    [Theory]
    [MemberData(nameof(WaysToGoOn))]
    public void Progress_is_kept_however_an_attempt_ends_and_the_next_may_add_to_it(string way)
    {
        var next = Saved.After(EndIn(way)).State;

        Assert.Equal((TaskPhase.Queued, 1), (next.Phase, next.Life.Progress!.Attempt));
        next = next.Claimed();
        Assert.Equal((2, 9), (next.After(next.Saves(9)).State.Life.Progress!.Attempt, next.After(next.Saves(9)).State.Life.Progress!.Value[0]));
    }

    [Theory]
    [MemberData(nameof(WaysToEnd))]
    public void Progress_is_removed_when_the_task_is_final(string way)
    {
        var end = Saved.After(EndIn(way)).State;

        Assert.True(end.Phase.IsFinal());
        Assert.Null(end.Life.Progress);
    }

    [Fact]
    public void A_drain_after_progress_costs_no_budget()
    {
        var next = TaskLifecycle.Apply(Saved, EndIn("drained"), new TaskRetryPolicy { MaxTimeoutRetries = 0, MaxCrashRetries = 0, MaxNodeLossRetries = 0 }, TaskLives.Now, 0).State;

        Assert.Equal((TaskPhase.Queued, 0, 7), (next.Phase, next.Life.Charges, next.Life.Progress!.Value[0]));
    }

    private static TaskEvent EndIn(string way) => way switch
    {
        "succeeded" => Saved.Succeeds(),
        "failed" => Saved.Fails(FailureKind.UserException, mayRetry: false),
        "cancelled" => new CancelRequested(null),
        "deadline" => new LimitPassed(FailureKind.DeadlineExceeded),
        "exception" => Saved.Fails(FailureKind.UserException),
        "timeout" => Saved.Fails(FailureKind.Timeout),
        "heartbeat timeout" => Saved.Fails(FailureKind.HeartbeatTimeout),
        "crash" => Saved.LosesOwner(FailureKind.Crash),
        "lost" => Saved.LosesOwner(),
        "drained" => Saved.IsReleased(afterStart: true),
        "lease lost" => Saved.IsReleased(afterStart: true) with { Cause = FailureKind.LeaseLost },
        "released" => Saved.IsReleased(),
        _ => Saved.LosesOwner(mayHaveStarted: false),
    };
}

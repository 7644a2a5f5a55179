using System.Diagnostics;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

/// <summary>Every event in every phase has an answer.</summary>
public sealed class TaskLifecycleTableTests
{
    private const string Stale = "stale";
    private const string Impossible = "impossible";
    private const string Queued = nameof(TaskPhase.Queued);
    private const string Running = nameof(TaskPhase.Running);
    private const string Succeeded = nameof(TaskPhase.Succeeded);
    private const string Failed = nameof(TaskPhase.Failed);
    private const string Cancelled = nameof(TaskPhase.Cancelled);

    /// <summary>The event, and what it makes of a task that waits, is queued for the first time, runs.</summary>
    public static TheoryData<string, string, string, string> Table => new()
    {
        { "the handler returned", Stale, Stale, Succeeded },
        { "failed: UserException", Stale, Stale, Queued },
        { "failed: Timeout", Stale, Stale, Queued },
        { "failed: Crash", Stale, Stale, Queued },
        { "failed: NodeLost", Stale, Stale, Queued },
        { "failed: OutOfMemory", Stale, Stale, Queued },
        { "failed: Cancelled", Stale, Stale, Cancelled },
        { "failed: PendingTimeout", Stale, Stale, Failed },
        { "failed: DeadlineExceeded", Stale, Stale, Failed },
        { "failed: Drained", Stale, Stale, Failed },
        { "failed: DependencyFailed", Stale, Stale, Failed },
        { "failed: InvalidCall", Stale, Stale, Failed },
        { "failed: InvalidResult", Stale, Stale, Failed },
        { "failed: Reconstruction", Stale, Stale, Failed },
        { "failed: LeaseLost", Stale, Stale, Failed },
        { "failed: Preempted", Stale, Stale, Failed },
        { "failed: StoreUnreachable", Stale, Stale, Failed },
        { "failed: Hung", Stale, Stale, Failed },
        { "failed: RecoveryTimeout", Stale, Stale, Failed },
        { "failed: HeartbeatTimeout", Stale, Stale, Queued },
        { "failed for good", Stale, Stale, Failed },
        { "its handler saves progress", Stale, Stale, Running },
        { "released before its start", Stale, Stale, Queued },
        { "released after its start", Stale, Stale, Queued },
        { "released for its node's lease", Stale, Stale, Queued },
        { "released for something else", Stale, Stale, Impossible },
        { "its owner crashed", Stale, Stale, Queued },
        { "its owner was lost", Stale, Stale, Queued },
        { "its owner was lost while it waited there", Stale, Stale, Queued },
        { "its owner died of something else", Stale, Stale, Impossible },
        { "cancelled", Cancelled, Cancelled, Cancelled },
        { "its deadline passed", Failed, Failed, Failed },
        { "its pending timeout passed", Impossible, Failed, Stale },
        { "another limit passed", Impossible, Impossible, Impossible },
        { "something unheard of", Impossible, Impossible, Impossible },
    };

    public static TheoryData<string> Events => [.. Table.Select(row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_event_has_an_answer_in_every_phase(string happened, string waiting, string queued, string running)
    {
        Assert.Equal(waiting, Answer(TaskPhase.Waiting, happened));
        Assert.Equal(queued, Answer(TaskPhase.Queued, happened));
        Assert.Equal(running, Answer(TaskPhase.Running, happened));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Nothing_changes_a_task_that_is_final(string happened)
    {
        foreach (var phase in Enum.GetValues<TaskPhase>().Where(phase => phase.IsFinal()))
        {
            var task = TaskLives.InPhase(phase);

            var transition = task.After(Event(happened, task));

            Assert.Equal(TaskVerdict.AlreadyFinal, transition.Verdict);
            Assert.Same(task, transition.State);
            Assert.False(transition.IsEnd);
        }
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void A_report_of_an_earlier_attempt_changes_nothing(string happened)
    {
        var then = TaskLives.Running();
        if (Event(happened, then) is not AttemptEvent late)
        {
            return;
        }

        AssertStale(then with { Attempt = 2 }, late);
        AssertStale(then with { Owner = TaskLives.OtherOwner }, late);
        AssertStale(then with { Phase = TaskPhase.Queued, Owner = NodeIncarnation.None }, late);
    }

    [Fact]
    public void An_impossible_pair_throws_with_both_names()
    {
        var task = TaskLives.InPhase(TaskPhase.Waiting);

        var thrown = Assert.Throws<UnreachableException>(() => task.After(new LimitPassed(FailureKind.PendingTimeout)));

        Assert.Contains(nameof(TaskPhase.Waiting), thrown.Message);
        Assert.Contains(nameof(LimitPassed), thrown.Message);
        Assert.Contains(nameof(FailureKind.PendingTimeout), thrown.Message);
    }

    [Fact]
    public void The_table_leaves_out_no_kind_of_event_and_no_kind_of_failure()
    {
        var events = Table.Select(row => Event(row.Data.Item1, TaskLives.Running())).ToList();

        var kinds = typeof(TaskEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TaskEvent)) && !type.IsAbstract);
        Assert.Empty(kinds.Except(events.Select(happened => happened.GetType())));
        Assert.Empty(Enum.GetValues<FailureKind>().Except(events.OfType<AttemptFailed>().Select(failed => failed.Failure.Kind)));
    }

    private static void AssertStale(TaskState task, AttemptEvent late)
    {
        var transition = task.After(late);
        Assert.Equal(TaskVerdict.Stale, transition.Verdict);
        Assert.Same(task, transition.State);
    }

    private static string Answer(TaskPhase phase, string happened)
    {
        var task = TaskLives.InPhase(phase);
        // Of a task that does not run, attempts can be told only from before, or by mistake.
        var said = phase == TaskPhase.Running ? task : task with { Attempt = 1, Owner = TaskLives.Owner };
        try
        {
            var transition = task.After(Event(happened, said));
            return transition.IsChange ? transition.State.Phase.ToString() : Stale;
        }
        catch (UnreachableException)
        {
            return Impossible;
        }
    }

    private static TaskEvent Event(string name, TaskState task) => name switch
    {
        "the handler returned" => task.Succeeds(),
        "failed for good" => task.Fails(FailureKind.UserException, mayRetry: false),
        "its handler saves progress" => task.Saves(1),
        "released before its start" => task.IsReleased(),
        "released after its start" => task.IsReleased(afterStart: true),
        "released for its node's lease" => task.IsReleased(afterStart: true) with { Cause = FailureKind.LeaseLost },
        "released for something else" => task.IsReleased(afterStart: true) with { Cause = FailureKind.Timeout },
        "its owner crashed" => task.LosesOwner(FailureKind.Crash),
        "its owner was lost" => task.LosesOwner(),
        "its owner was lost while it waited there" => task.LosesOwner(mayHaveStarted: false),
        "its owner died of something else" => task.LosesOwner(FailureKind.Drained),
        "cancelled" => new CancelRequested(null),
        "its deadline passed" => new LimitPassed(FailureKind.DeadlineExceeded),
        "its pending timeout passed" => new LimitPassed(FailureKind.PendingTimeout),
        "another limit passed" => new LimitPassed(FailureKind.Timeout),
        "something unheard of" => new Unheard(),
        _ => task.Fails(Enum.Parse<FailureKind>(name["failed: ".Length..])),
    };

    private sealed record Unheard : TaskEvent;
}

using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How progress is written: in batches, fenced, and in line with the outcome of its attempt.</summary>
public sealed class ProgressTests
{
    private static readonly LeaseChanged Lost = new(false);
    private static readonly LeaseChanged Held = new(true);

    [Fact]
    public void Progress_that_comes_in_the_turn_in_which_the_lease_is_lost_and_regained_is_saved()
    {
        var node = new NodeUnderTest().Runs(1);

        node.When(new LeaseChanged(false), NodeUnderTest.Save(1, 7), Held).Wants(typeof(CommitTasks));

        Assert.Equal(ProgressVerdict.Saved, node.StoreCommits().The<AnswerProgress>().Verdict);
    }

    [Fact]
    public void Progress_is_written_on_the_condition_that_the_row_is_still_this_attempts_and_as_this_node_knows_it()
    {
        var node = new NodeUnderTest().Runs(1);

        var save = Assert.Single(node.Saves(1, 7).Wants(typeof(CommitTasks)).The<CommitTasks>().Commits);

        Assert.Equal((TaskPhase.Running, 1, NodeUnderTest.Incarnation, 1L), (save.Before.Phase, save.Before.Attempt, save.Before.Owner, save.IfToken!.Value));
        Assert.Equal((save.Before.Phase, save.Before.Attempt, save.Before.Owner, save.Before.Due), (save.After.Phase, save.After.Attempt, save.After.Owner, save.After.Due));
        Assert.Equal([7], save.After.Life.Progress!.Value);
    }

    [Fact]
    public void A_handler_is_told_when_its_progress_is_stored_and_not_before()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 7);
        Assert.False(node.WantsAny<AnswerProgress>());

        var answer = node.StoreCommits().Wants(typeof(AnswerProgress)).The<AnswerProgress>();

        Assert.Equal((NodeUnderTest.Id(1), 1, ProgressVerdict.Saved), (answer.Task, answer.Attempt, answer.Verdict));
        Assert.Equal([7], answer.Tickets);
    }

    [Fact]
    public void Saves_of_many_tasks_go_out_in_batches_of_500()
    {
        var node = new NodeUnderTest(options => options.Slots = 1_200);
        var tasks = Enumerable.Range(1, 1_200).ToArray();
        node.Runs(tasks);

        node.When([.. tasks.Select(task => NodeUnderTest.Save(task, 1))]);

        Assert.Equal([500, 500, 200], node.Wanted.OfType<CommitTasks>().Select(commit => commit.Commits.Count));
    }

    [Fact]
    public void What_a_handler_saves_while_a_save_is_under_way_goes_with_the_next_the_newest_for_all()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 1);
        var first = Assert.Single(node.The<CommitTasks>().Commits);
        node.Saves(1, 2).Wants();
        node.Saves(1, 3).Wants();

        var second = Assert.Single(node.StoreCommits().Wants(typeof(AnswerProgress), typeof(CommitTasks)).The<CommitTasks>().Commits);

        Assert.Equal((first.Token, 3), (second.IfToken!.Value, second.After.Life.Progress!.Value[0]));
        Assert.Equal([2, 3], node.StoreCommits().The<AnswerProgress>().Tickets);
    }

    [Fact]
    public void The_outcome_after_a_save_keeps_the_progress()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 7).StoreCommits();

        var retry = Assert.Single(node.Fails(1, FailureKind.Timeout).The<CommitTasks>().Commits);

        Assert.Equal((TaskPhase.Queued, 7), (retry.After.Phase, retry.After.Life.Progress!.Value[0]));
        Assert.Null(retry.IfToken);
    }

    [Fact]
    public void The_end_of_an_attempt_waits_for_the_answers_to_its_saves()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 1).Saves(1, 2);
        node.Fails(1, FailureKind.Timeout).Wants();
        Assert.False(node.Pipeline.IsIdle);

        Assert.Equal([2], Assert.Single(node.StoreCommits().The<CommitTasks>().Commits).After.Life.Progress!.Value);
        var retry = Assert.Single(node.StoreCommits().The<CommitTasks>().Commits);

        Assert.Equal((TaskPhase.Queued, 2), (retry.After.Phase, retry.After.Life.Progress!.Value[0]));
        node.StoreCommits();
        Assert.True(node.Pipeline.IsIdle);
    }

    [Fact]
    public void An_end_in_the_same_turn_as_a_save_waits_for_it_too()
    {
        var node = new NodeUnderTest().Runs(1);
        var failure = new TaskFailure { Kind = FailureKind.Timeout, Message = "" };
        var end = new AttemptEnded(NodeUnderTest.Id(1), new AttemptFailed(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now, failure, true));

        var save = Assert.Single(node.When(NodeUnderTest.Save(1, 7), end).Wants(typeof(CommitTasks)).The<CommitTasks>().Commits);

        Assert.Equal(TaskPhase.Running, save.After.Phase);
        Assert.Equal([7], Assert.Single(node.StoreCommits().The<CommitTasks>().Commits).After.Life.Progress!.Value);
    }

    [Fact]
    public void An_attempt_that_is_given_up_at_the_end_of_a_drain_takes_its_last_save_along()
    {
        var node = new NodeUnderTest().Runs(1).When(new DrainStarted(), new DrainEnded()).Saves(1, 7).When(new HandOverEnded()).Wants();

        var handed = Assert.Single(node.StoreCommits().The<CommitTasks>().Commits).After;

        Assert.Equal((TaskPhase.Queued, FailureKind.Drained, 7), (handed.Phase, handed.Life.Failure!.Kind, handed.Life.Progress!.Value[0]));
    }

    [Fact]
    public void A_handler_whose_row_is_anothers_by_now_is_stopped_first_and_then_told()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 1).Saves(1, 2);

        node.StoreCommits(applied: false).Wants(typeof(StopAttempt), typeof(AnswerProgress));

        Assert.Equal(StopReason.Voided, node.The<StopAttempt>().Reason);
        Assert.Equal(ProgressVerdict.AttemptOver, node.The<AnswerProgress>().Verdict);
        Assert.Equal([1, 2], node.The<AnswerProgress>().Tickets);
        node.Fails(1).Wants();
        Assert.True(node.Pipeline.IsIdle);
    }

    [Fact]
    public void An_end_that_waited_for_a_save_that_lost_its_race_is_written_in_vain_and_dropped()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 1).Succeeds(1);

        node.StoreCommits(applied: false).Wants(typeof(AnswerProgress), typeof(CommitTasks));
        node.StoreCommits(applied: false).Wants(typeof(ReportLostRace));

        Assert.True(node.Pipeline.IsIdle);
    }

    [Theory]
    [InlineData("of a task that does not run here")]
    [InlineData("of an earlier attempt")]
    [InlineData("of an attempt that is void")]
    [InlineData("of an attempt that was given up")]
    [InlineData("without the lease")]
    public void A_save_is_refused_at_once(string what)
    {
        var node = new NodeUnderTest();
        node.IsHanded(node.Claimed(1, attempt: 2)).Starts(1);
        node = what switch
        {
            "of a task that does not run here" => node.Saves(2, 7),
            "of an earlier attempt" => node.Saves(1, 7, attempt: 1),
            "of an attempt that is void" => node.When(new AttemptVoided(NodeUnderTest.Id(1), 2)).Saves(1, 7, attempt: 2),
            "of an attempt that was given up" => node.Fails(1, FailureKind.Timeout, attempt: 2, keepsSlot: true).StoreCommits().Saves(1, 7, attempt: 2),
            _ => node.When(Lost).Saves(1, 7, attempt: 2),
        };

        Assert.Equal(ProgressVerdict.AttemptOver, node.Wants(typeof(AnswerProgress)).The<AnswerProgress>().Verdict);
    }

    [Fact]
    public void A_node_that_slept_past_its_lease_stops_a_handler_before_it_refuses_its_save()
    {
        var node = new NodeUnderTest(leaseEnds: TimeSpan.FromSeconds(10)).Runs(1).Sleeps(TimeSpan.FromSeconds(20));

        node.Saves(1, 7).Wants(typeof(StopAttempt), typeof(AnswerProgress));
    }

    [Fact]
    public void A_lost_lease_refuses_whoever_waits_and_the_write_under_way_is_settled_when_it_is_back()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 1).Saves(1, 2);

        node.When(Lost).Wants(typeof(StopAttempt), typeof(AnswerProgress));
        Assert.Equal([1, 2], node.The<AnswerProgress>().Tickets);
        node.StoreFails<CommitTasks>().Wants();
        node.When(new AttemptEnded(NodeUnderTest.Id(1), new AttemptReleased(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now, FailureKind.LeaseLost))).Wants();
        node.AfterAWhile(node.Options.RepeatDelay).Wants();

        Assert.Equal(TaskPhase.Running, Assert.Single(node.When(Held).The<CommitTasks>().Commits).After.Phase);
        var released = Assert.Single(node.StoreCommits().The<CommitTasks>().Commits).After;
        Assert.Equal((TaskPhase.Queued, 1), (released.Phase, released.Life.Progress!.Value[0]));
    }

    [Fact]
    public void A_handler_that_saves_anew_after_the_lease_is_back_is_served()
    {
        var node = new NodeUnderTest().Runs(1);
        node.StoreFailsASave(1).When(Lost);
        node.When(Held).AfterAWhile(node.Options.RepeatDelay);
        node.StoreCommits();

        node.Saves(1, 2).Wants(typeof(CommitTasks));
        Assert.Equal(ProgressVerdict.Saved, node.StoreCommits().The<AnswerProgress>().Verdict);
    }

    [Fact]
    public void A_save_that_was_refused_before_it_was_sent_does_not_stand_in_the_way_of_the_next_one()
    {
        var node = new NodeUnderTest(leaseEnds: TimeSpan.FromSeconds(10)).Runs(1).When(new OutageShared(TimeSpan.FromSeconds(30)));
        node.AfterAWhile(TimeSpan.FromSeconds(10)).Saves(1, 1).Wants();
        node.When(Lost).Wants(typeof(StopAttempt), typeof(AnswerProgress));

        Assert.Single(node.When(Held, NodeUnderTest.Save(1, 2)).The<CommitTasks>().Commits);

        node.Saves(1, 3).Wants(); // one write of a task is under way at a time
        Assert.Equal([2], node.StoreCommits().The<AnswerProgress>().Tickets);
    }

    [Fact]
    public void In_an_outage_that_all_share_a_save_waits_for_the_store()
    {
        var node = new NodeUnderTest(leaseEnds: TimeSpan.FromSeconds(10)).Runs(1).When(new OutageShared(TimeSpan.FromSeconds(30)));

        node.AfterAWhile(TimeSpan.FromSeconds(10)).Saves(1, 7).Wants();
        Assert.True(node.When(new LeaseChanged(true, TimeSpan.FromSeconds(60))).WantsAny<CommitTasks>());

        Assert.Equal(ProgressVerdict.Saved, node.StoreCommits().The<AnswerProgress>().Verdict);
    }

    [Fact]
    public void A_save_that_the_store_failed_is_repeated_as_it_was_before_a_newer_one()
    {
        var node = new NodeUnderTest().Runs(1).Saves(1, 1);
        var first = Assert.Single(node.The<CommitTasks>().Commits);
        node.StoreFails<CommitTasks>().Wants();
        node.Saves(1, 2).Wants();
        Assert.Equal(node.Monotonic + node.Options.RepeatDelay, node.Pipeline.NextWake);

        Assert.Equal(first, Assert.Single(node.AfterAWhile(node.Options.RepeatDelay).The<CommitTasks>().Commits));

        Assert.Equal([2], Assert.Single(node.StoreCommits().The<CommitTasks>().Commits).After.Life.Progress!.Value);
    }

    [Fact]
    public void Progress_that_the_store_refuses_harms_no_other_and_leaves_what_was_saved_before()
    {
        var node = new NodeUnderTest().Runs(1, 2).Saves(1, 1).StoreCommits();
        node.When(NodeUnderTest.Save(1, 2), NodeUnderTest.Save(2, 3));

        var told = node.StoreRefuses(1).Wants(typeof(AnswerProgress)).The<AnswerProgress>();

        Assert.Equal((NodeUnderTest.Id(1), ProgressVerdict.NotStorable, "Too odd."), (told.Task, told.Verdict, told.Reason));
        Assert.Equal(NodeUnderTest.Id(2), Assert.Single(node.AfterAWhile(node.Options.RepeatDelay).The<CommitTasks>().Commits).Before.Id);
        node.StoreCommits();
        Assert.Equal([1], Assert.Single(node.Fails(1, FailureKind.Timeout).The<CommitTasks>().Commits).After.Life.Progress!.Value);
    }
}

using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How outcomes are written.</summary>
public sealed class CommittingTests
{
    [Fact]
    public void An_outcome_is_written_on_the_condition_that_the_row_is_still_this_attempts()
    {
        var node = new NodeUnderTest().Runs(1);

        var commit = Assert.Single(node.Succeeds(1).The<CommitTasks>().Commits);

        Assert.Equal((TaskPhase.Running, 1, NodeUnderTest.Incarnation), (commit.Before.Phase, commit.Before.Attempt, commit.Before.Owner));
        Assert.Equal((TaskPhase.Succeeded, NodeIncarnation.None), (commit.After.Phase, commit.After.Owner));
        Assert.Equal([1], commit.Result!);
    }

    [Fact]
    public void Nobody_is_told_before_the_outcome_is_stored()
    {
        var node = new NodeUnderTest().Runs(1).Succeeds(1).Wants(typeof(CommitTasks));

        var told = node.StoreCommits().Wants(typeof(AnnounceEnd), typeof(ResolveEdges)).The<AnnounceEnd>();

        Assert.Equal((NodeUnderTest.Id(1), TaskPhase.Succeeded), (told.Task.Id, told.Task.Phase));
        Assert.Equal([1], told.Result!);
    }

    [Fact]
    public void Outcomes_go_out_in_batches_of_500()
    {
        var node = new NodeUnderTest(options => options.Slots = 1_200);
        var tasks = Enumerable.Range(1, 1_200).ToArray();
        node.Runs(tasks);

        node.When([.. tasks.Select(task => new AttemptEnded(
            NodeUnderTest.Id(task), new Grains.Tasks.AttemptSucceeded(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now)))]);

        Assert.Equal([500, 500, 200], node.Wanted.OfType<CommitTasks>().Select(commit => commit.Commits.Count));
    }

    [Fact]
    public void A_write_that_the_store_failed_is_repeated_as_it_was_after_a_pause()
    {
        var node = new NodeUnderTest().Runs(1);
        var first = Assert.Single(node.Succeeds(1).The<CommitTasks>().Commits);

        node.StoreFails<CommitTasks>().Wants();
        Assert.Equal(node.Monotonic + node.Options.RepeatDelay, node.Pipeline.NextWake);
        node.AfterAWhile(node.Options.RepeatDelay).Wants(typeof(CommitTasks));

        // The same token: if the first write did land, the store takes the second for the same.
        Assert.Equal(first, Assert.Single(node.The<CommitTasks>().Commits));
        node.StoreCommits().Wants(typeof(AnnounceEnd), typeof(ResolveEdges));
    }

    [Fact]
    public void A_lost_race_is_reported_and_dropped()
    {
        var node = new NodeUnderTest().Runs(1).Succeeds(1);

        var lost = node.StoreCommits(applied: false).Wants(typeof(ReportLostRace)).The<ReportLostRace>();

        Assert.Equal((NodeUnderTest.Id(1), 1, TaskPhase.Succeeded), (lost.Before.Id, lost.Before.Attempt, lost.After.Phase));
        Assert.True(node.Pipeline.IsIdle);
    }

    [Fact]
    public void An_outcome_whose_result_the_store_refuses_becomes_a_failure_and_harms_no_other()
    {
        var node = new NodeUnderTest().Runs(1, 2);
        var success = new Grains.Tasks.AttemptSucceeded(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now);
        node.When(new AttemptEnded(NodeUnderTest.Id(1), success, [1]), new AttemptEnded(NodeUnderTest.Id(2), success, [1]));

        node.StoreRefuses(1).AfterAWhile(node.Options.RepeatDelay);

        var commits = node.The<CommitTasks>().Commits;
        Assert.Equal([NodeUnderTest.Id(2), NodeUnderTest.Id(1)], commits.Select(commit => commit.Before.Id));
        Assert.Equal([TaskPhase.Succeeded, TaskPhase.Failed], commits.Select(commit => commit.After.Phase));
        Assert.Equal(FailureKind.InvalidResult, commits[1].After.Life.Failure!.Kind);
        Assert.Contains("Too odd.", commits[1].After.Life.Failure!.Message);
    }

    [Fact]
    public void An_outcome_whose_history_the_store_refuses_is_stored_without_it()
    {
        var node = new NodeUnderTest();
        var old = node.Claimed(1);
        old = old with { Life = old.Life.With(new AttemptRecord { Number = 1, Node = "odd" }).WithRetry(FailureKind.Crash) };
        node.IsHanded(old).Starts(1).Fails(1, FailureKind.Timeout).StoreRefuses(1).AfterAWhile(node.Options.RepeatDelay);

        var end = Assert.Single(node.The<CommitTasks>().Commits).After;

        Assert.Equal(TaskPhase.Failed, end.Phase);
        Assert.Equal(1, Assert.Single(end.Life.Attempts).Number);
        Assert.Empty(end.Life.Retries);
    }

    [Fact]
    public void A_retry_is_told_to_peers_only_if_it_is_due_and_does_not_fit_here()
    {
        var node = new NodeUnderTest(options => (options.Slots, options.PrefetchFactor) = (2, 0)).Runs(1, 2);
        Assert.False(node.Fails(1, FailureKind.Timeout).StoreCommits().WantsAny<HintPeers>());

        node = new NodeUnderTest(options => (options.Slots, options.PrefetchFactor) = (2, 0)).Runs(1, 2).When(new DrainStarted(), new DrainEnded());
        node.When(new AttemptEnded(NodeUnderTest.Id(1), new Grains.Tasks.AttemptReleased(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now)));
        Assert.True(node.StoreCommits().WantsAny<HintPeers>());
    }

    [Fact]
    public void Tasks_that_ended_elsewhere_are_told_and_their_dependents_woken()
    {
        var node = new NodeUnderTest();
        var cancelled = node.Call(5).State with { Phase = TaskPhase.Cancelled };

        node.When(new TasksEnded([cancelled])).Wants(typeof(AnnounceEnd), typeof(ResolveEdges));

        Assert.Equal([NodeUnderTest.Id(5)], node.The<ResolveEdges>().Ended);
    }
}

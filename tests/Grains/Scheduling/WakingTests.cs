using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How dependents are woken: no step before the one it builds on has landed.</summary>
public sealed class WakingTests
{
    [Fact]
    public void A_completer_commits_then_resolves_then_wakes()
    {
        var node = new NodeUnderTest().Runs(1);

        node.Succeeds(1).Wants(typeof(CommitTasks));
        Assert.Equal([NodeUnderTest.Id(1)], node.StoreCommits().The<ResolveEdges>().Ended);
        node.Answer<ResolveEdges>(e => new DependentsFound(e.Operation, [NodeUnderTest.Id(7), NodeUnderTest.Id(8)])).Wants(typeof(WakeTasks));
        Assert.Equal([NodeUnderTest.Id(7), NodeUnderTest.Id(8)], node.The<WakeTasks>().Dependents);
        node.Answer<WakeTasks>(e => new TasksWoken(e.Operation, [NodeUnderTest.Id(7)])).Wants(typeof(ClaimTasks));
    }

    [Fact]
    public void A_dependent_is_stored_then_looks_then_is_woken()
    {
        var node = new NodeUnderTest();

        node.Submits(node.Call(2, dependsOn: [1])).Wants(typeof(InsertTasks));
        Assert.Equal([NodeUnderTest.Id(1)], Assert.Single(node.The<InsertTasks>().Tasks).DependsOn);
        Assert.Equal([NodeUnderTest.Id(2)], node.StoreInserts().The<LookAtDependencies>().Dependents);
        node.Answer<LookAtDependencies>(e => new DependentsFound(e.Operation, e.Dependents)).Wants(typeof(WakeTasks));
        node.Answer<WakeTasks>(e => new TasksWoken(e.Operation, [])).Wants();
    }

    [Fact]
    public void A_dependent_that_was_there_already_is_looked_at_too()
    {
        var node = new NodeUnderTest();

        node.Submits(node.Call(2, dependsOn: [1])).StoreInserts(TaskWriteResult.Conflict);

        // Whoever stored it first may have died before it looked.
        Assert.Equal([NodeUnderTest.Id(2)], node.The<LookAtDependencies>().Dependents);
    }

    [Fact]
    public void A_dependent_whose_insert_has_an_unknown_outcome_is_looked_at_too()
    {
        var node = new NodeUnderTest();

        node.Submits(node.Call(2, dependsOn: [1])).StoreFails<InsertTasks>();

        Assert.Equal([NodeUnderTest.Id(2)], node.The<LookAtDependencies>().Dependents);
    }

    [Fact]
    public void A_retry_and_a_lost_race_wake_nobody()
    {
        Assert.False(new NodeUnderTest().Runs(1).Fails(1, FailureKind.Timeout).StoreCommits().WantsAny<ResolveEdges>());
        Assert.False(new NodeUnderTest().Runs(1).Succeeds(1).StoreCommits(applied: false).WantsAny<ResolveEdges>());
    }

    [Theory]
    [InlineData(FailureKind.UserException)]
    [InlineData(FailureKind.InvalidResult)]
    public void A_failure_for_good_wakes_dependents_as_a_success_does(FailureKind kind) =>
        Assert.True(new NodeUnderTest().Runs(1).Fails(1, kind, mayRetry: false).StoreCommits().WantsAny<ResolveEdges>());

    [Fact]
    public void Ends_that_come_while_a_step_is_under_way_share_the_next()
    {
        var node = new NodeUnderTest(options => options.Slots = 4).Runs(1, 2, 3).Succeeds(1).StoreCommits();

        node.Succeeds(2).StoreCommits().Wants(typeof(AnnounceEnd));
        node.Succeeds(3).StoreCommits().Wants(typeof(AnnounceEnd));

        node.Answer<ResolveEdges>(e => new DependentsFound(e.Operation, [])).Wants(typeof(ResolveEdges));
        Assert.Equal([NodeUnderTest.Id(2), NodeUnderTest.Id(3)], node.The<ResolveEdges>().Ended);
    }

    [Fact]
    public void A_dependent_of_several_is_tried_once_a_batch()
    {
        var node = new NodeUnderTest().Runs(1).Succeeds(1).StoreCommits();

        node.Answer<ResolveEdges>(e => new DependentsFound(e.Operation, [NodeUnderTest.Id(7), NodeUnderTest.Id(7)]));

        Assert.Equal([NodeUnderTest.Id(7)], node.The<WakeTasks>().Dependents);
    }

    [Theory]
    [InlineData(typeof(LookAtDependencies))]
    [InlineData(typeof(ResolveEdges))]
    [InlineData(typeof(WakeTasks))]
    public void A_step_that_the_store_failed_is_repeated_after_a_pause(Type step)
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1));
        if (step == typeof(LookAtDependencies))
        {
            node.Submits(node.Call(2, dependsOn: [1])).StoreInserts().StoreFails<LookAtDependencies>();
        }
        else
        {
            node.Runs(1).Succeeds(1).StoreCommits();
            node = step == typeof(ResolveEdges)
                ? node.StoreFails<ResolveEdges>()
                : node.Answer<ResolveEdges>(e => new DependentsFound(e.Operation, [NodeUnderTest.Id(7)])).StoreFails<WakeTasks>();
        }

        node.Wants();
        Assert.Equal(node.Monotonic + node.Options.RepeatDelay, node.Pipeline.NextWake);
        node.AfterAWhile(node.Options.RepeatDelay).Wants(step);
    }

    [Fact]
    public void Dependents_beyond_what_this_node_can_run_are_offered_to_peers()
    {
        var node = new NodeUnderTest().Runs(1).Succeeds(1).StoreCommits();
        var woken = Enumerable.Range(10, 5).Select(NodeUnderTest.Id).ToList();

        node.Answer<ResolveEdges>(e => new DependentsFound(e.Operation, woken));

        node.Answer<WakeTasks>(e => new TasksWoken(e.Operation, woken)).Wants(typeof(HintPeers), typeof(ClaimTasks));
    }
}

using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How calls are taken in. The node has 2 slots and claims 2 more attempts.</summary>
public sealed class AcceptingTests
{
    [Fact]
    public void A_call_that_can_run_at_once_is_born_claimed()
    {
        var node = new NodeUnderTest();

        var born = Assert.Single(node.Submits(node.Call(1)).The<InsertTasks>().Tasks).State;

        Assert.Equal((TaskPhase.Running, 1, NodeUnderTest.Incarnation), (born.Phase, born.Attempt, born.Owner));
        Assert.Equal(node.Now, born.Claimed);
    }

    [Fact]
    public void Nothing_starts_and_nobody_is_answered_before_the_rows_are_stored()
    {
        var node = new NodeUnderTest();

        node.Submits(node.Call(1)).Wants(typeof(InsertTasks));
        node.StoreInserts().Wants(typeof(AnswerSubmission), typeof(StartAttempt)).Starts(1);
    }

    [Fact]
    public void What_does_not_fit_is_queued_and_peers_are_told()
    {
        var node = new NodeUnderTest();

        node.Submits([.. Enumerable.Range(1, 6).Select(number => node.Call(number))]);

        Assert.Equal(
            Enumerable.Repeat(TaskPhase.Running, 2).Concat(Enumerable.Repeat(TaskPhase.Queued, 4)),
            node.The<InsertTasks>().Tasks.Select(task => task.State.Phase));
        Assert.True(node.StoreInserts().Starts(1, 2).WantsAny<HintPeers>());
    }

    [Fact]
    public void A_node_that_takes_all_tells_nobody()
    {
        var node = new NodeUnderTest();

        Assert.False(node.Submits(node.Call(1)).StoreInserts().WantsAny<HintPeers>());
    }

    [Fact]
    public void Born_and_claimed_attempts_that_cross_take_no_more_than_twice_the_room()
    {
        var node = new NodeUnderTest().When(new QueueHinted());
        Assert.Equal(4, node.The<ClaimTasks>().Limit);

        node.Submits([.. Enumerable.Range(1, 9).Select(number => node.Call(number))]).StoreInserts();
        node.StoreClaims([.. Enumerable.Range(11, 4).Select(number => node.Claimed(number))]);

        Assert.Equal(2, node.Pipeline.Running);
        Assert.Equal(4, node.Pipeline.Waiting.Count());
        Assert.DoesNotContain(node.Open, effect => effect is ClaimTasks);
    }

    [Fact]
    public void Nothing_is_born_claimed_behind_handlers_whose_length_nobody_knows()
    {
        var node = new NodeUnderTest().Runs(1, 2);

        Assert.Equal(TaskPhase.Queued, Assert.Single(node.Submits(node.Call(3)).The<InsertTasks>().Tasks).State.Phase);
        Assert.True(node.StoreInserts().WantsAny<HintPeers>());
    }

    [Fact]
    public void Calls_that_cross_get_each_slot_once()
    {
        var node = new NodeUnderTest();
        node.Submits(node.Call(1));

        node.Submits(node.Call(2), node.Call(3));

        Assert.Equal([TaskPhase.Running, TaskPhase.Queued], node.The<InsertTasks>().Tasks.Select(task => task.State.Phase));
    }

    [Fact]
    public void A_child_is_never_born_behind_its_own_parent_however_short_attempts_have_been()
    {
        var node = new NodeUnderTest(options => options.Slots = 1).RunsMany(400, TimeSpan.FromMilliseconds(1)).Runs(1);

        node.Submits(Child(node.Call(2), of: 1), Child(node.Call(3), of: 99));

        Assert.Equal([TaskPhase.Queued, TaskPhase.Running], node.The<InsertTasks>().Tasks.Select(task => task.State.Phase));
    }

    [Fact]
    public void A_call_for_later_is_queued_and_looked_for_when_it_is_due()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1));

        node.Submits(node.Call(1, startAfter: TimeSpan.FromSeconds(10))).StoreInserts().Wants(typeof(AnswerSubmission));

        Assert.Equal(node.Now.AddSeconds(10), node.Pipeline.NextDue);
        node.AfterAWhile(TimeSpan.FromSeconds(10)).Wants(typeof(ClaimTasks));
    }

    [Fact]
    public void A_call_for_a_handler_of_another_node_is_left_to_that_node()
    {
        var node = new NodeUnderTest();

        node.Submits(node.Call(1) with { RunsHere = false });

        Assert.Equal(TaskPhase.Queued, Assert.Single(node.The<InsertTasks>().Tasks).State.Phase);
    }

    [Fact]
    public void Past_the_limit_of_acceptances_under_way_callers_are_told_to_come_back()
    {
        var node = new NodeUnderTest(options => options.MaxAccepting = 500);
        node.Submits([.. Enumerable.Range(1, 499).Select(number => node.Call(number))]);

        node.Submits(node.Call(501), node.Call(502)).Wants(typeof(RefuseSubmission));
        Assert.Equal((2, null), (node.The<RefuseSubmission>().Submission, node.The<RefuseSubmission>().Error));
        node.Submits(node.Call(503)).Wants(typeof(InsertTasks));
        node.Submits(node.Call(504)).Wants(typeof(RefuseSubmission));

        node.StoreInserts().Submits(node.Call(505)).Wants(typeof(InsertTasks));
    }

    [Fact]
    public void A_store_that_fails_refuses_the_calls_and_gives_their_room_back()
    {
        var node = new NodeUnderTest(options => options.MaxAccepting = 500);
        node.Submits([.. Enumerable.Range(1, 500).Select(number => node.Call(number))]);

        var refusal = node.StoreFails<InsertTasks>().The<RefuseSubmission>();

        Assert.Equal((1, NodeUnderTest.StoreIsAway), (refusal.Submission, refusal.Error));
        Assert.True(node.StoreLists().Submits(node.Call(600)).WantsAny<InsertTasks>());
    }

    [Fact]
    public void A_call_that_is_there_already_is_answered_so_and_does_not_start_again()
    {
        var node = new NodeUnderTest();

        node.Submits(node.Call(1), node.Call(2), node.Call(3));
        node.StoreInserts(TaskWriteResult.Conflict, TaskWriteResult.Applied, new TaskWriteResult(TaskWriteStatus.KeyTaken, NodeUnderTest.Id(9)));

        Assert.Equal(
            [TaskWriteStatus.Conflict, TaskWriteStatus.Applied, TaskWriteStatus.KeyTaken],
            node.The<AnswerSubmission>().Answers.Select(answer => answer.Written.Status));
        node.Starts(2);
        Assert.Empty(node.Pipeline.Waiting);
    }

    [Fact]
    public void Calls_that_the_store_refuses_are_answered_so_and_the_others_go_in_one_more_batch_as_they_were()
    {
        var node = new NodeUnderTest();
        node.Submits([.. Enumerable.Range(1, 4).Select(number => node.Call(number))]);
        var first = node.The<InsertTasks>().Tasks;

        var again = node.Answer<InsertTasks>(e => Refused(e, 1, 3)).The<InsertTasks>().Tasks;
        node.StoreInserts().Starts(2);

        Assert.Equal([first[1], first[3]], again);
        Assert.Equal(["Too odd.", null, "Too odd.", null], node.The<AnswerSubmission>().Answers.Select(answer => answer.Refusal?.Message));
        Assert.Equal([false, true, false, true], node.The<AnswerSubmission>().Answers.Select(answer => answer.IsAccepted));
        Assert.True(node.Submits(node.Call(5)).The<InsertTasks>().Tasks[0].State.Phase == TaskPhase.Running, "The slot of the refused call is free again.");
    }

    [Fact]
    public void Where_all_calls_are_refused_nothing_is_inserted_again()
    {
        var node = new NodeUnderTest();
        node.Submits(node.Call(1), node.Call(2));

        node.Answer<InsertTasks>(e => Refused(e, 1, 2)).Wants(typeof(AnswerSubmission));

        Assert.All(node.The<AnswerSubmission>().Answers, answer => Assert.Equal("Too odd.", answer.Refusal?.Message));
        Assert.True(node.Pipeline.IsIdle);
    }

    [Fact]
    public void Without_its_lease_a_node_accepts_but_owns_nothing()
    {
        var node = new NodeUnderTest().When(new LeaseChanged(false));

        node.Submits(node.Call(1));

        Assert.Equal(TaskPhase.Queued, Assert.Single(node.The<InsertTasks>().Tasks).State.Phase);
        node.StoreInserts().Wants(typeof(AnswerSubmission), typeof(HintPeers));
    }

    private static OperationFailed Refused(InsertTasks inserted, params int[] tasks) =>
        new(inserted.Operation, new StoreException(StoreFault.Data, "Too odd.") { RefusedTasks = [.. tasks.Select(NodeUnderTest.Id)] });

    private static NewTask Child(NewTask call, int of) =>
        call with { State = call.State with { Spec = call.State.Spec with { Parent = NodeUnderTest.Id(of) } } };
}

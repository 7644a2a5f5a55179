using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>A handler that waits for other tasks lends its slot to them. The node has 2 slots and claims 2 more attempts.</summary>
public sealed class LendingTests
{
    [Fact]
    public void A_slot_that_is_lent_runs_another_attempt()
    {
        var node = Full().Starts(1, 2);

        Lend(node, 1).Starts(3);
    }

    [Fact]
    public void A_handler_that_goes_on_does_so_beside_what_was_started_and_nothing_more_starts()
    {
        var node = Lend(Full(), 1).Starts(3);

        GoOn(node, 1).Starts();
        node.Succeeds(2).Starts();
        node.Succeeds(3).Starts(4);
    }

    [Fact]
    public void A_handler_that_ends_while_its_slot_is_lent_frees_no_second_one()
    {
        var node = Lend(Full(), 1).Starts(3);

        node.Succeeds(1).Starts();
        GoOn(node, 1).Starts();
        node.Succeeds(2).Starts(4);
    }

    [Fact]
    public void A_late_word_of_an_attempt_that_has_ended_lends_nothing()
    {
        var node = Full().Succeeds(1).Starts(3);

        Lend(node, 1).Starts();
    }

    [Fact]
    public void A_handler_that_is_given_up_on_while_its_slot_is_lent_holds_it_again()
    {
        var node = Lend(Full(), 1).Starts(3);

        node.Fails(1, FailureKind.Timeout, keepsSlot: true).Starts();
        node.Succeeds(2).Starts();
        node.Succeeds(3).Starts(4);
    }

    [Fact]
    public void No_more_slots_are_lent_than_the_limit()
    {
        var node = Full(options => options.MaxLentSlots = 1);

        Lend(node, 1).Starts(3);
        Lend(node, 2).Starts();
    }

    [Fact]
    public void A_lent_slot_takes_a_child_at_once()
    {
        var node = new NodeUnderTest(options => options.Slots = 1).Runs(1);
        Lend(node, 1);

        var child = node.Call(2);
        node.Submits(child with { State = child.State with { Spec = child.State.Spec with { Parent = NodeUnderTest.Id(1) } } });

        node.StoreInserts().Starts(2);
    }

    private static NodeUnderTest Full(Action<TaskPipelineOptions>? configure = null)
    {
        var node = new NodeUnderTest(configure);
        return node.IsHanded([.. Enumerable.Range(1, 4).Select(number => node.Claimed(number))]);
    }

    private static NodeUnderTest Lend(NodeUnderTest node, int task) => node.When(new SlotLoanChanged(NodeUnderTest.Id(task), 1, true));

    private static NodeUnderTest GoOn(NodeUnderTest node, int task) => node.When(new SlotLoanChanged(NodeUnderTest.Id(task), 1, false));
}

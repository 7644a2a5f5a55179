using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;
using FaultTolerance.Outcomes;

namespace FaultTolerance.Client.Tests.Outcomes;

/// <summary>What the client remembers, and that it has an end.</summary>
public sealed class OutcomeTableTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void A_client_that_only_submits_remembers_so_many_tasks_and_no_more()
    {
        var table = NewTable(options => options.MaxExpectedOutcomes = 100);

        for (var i = 0; i < 10_000; i++)
        {
            var id = TaskId.New();
            table.Submitting(id);
            table.Submitted(id, isExpected: true);
        }

        Assert.Equal(100, table.Count);
    }

    [Fact]
    public void Outcomes_that_nobody_asks_for_are_kept_up_to_a_number()
    {
        var table = NewTable(options => options.MaxKeptOutcomes = 100);

        var told = Enumerable.Range(0, 1_000).Select(_ => Outcome(10)).ToList();
        told.ForEach(outcome => table.Arrived([outcome]));

        Assert.Equal((100, 100), (table.Count, table.Kept.Count));
        Assert.False(IsKept(table, told[899]));
        Assert.True(IsKept(table, told[900]));
    }

    [Fact]
    public void Outcomes_that_nobody_asks_for_are_kept_up_to_a_size()
    {
        var table = NewTable(options => options.MaxKeptBytes = 10_000);

        table.Arrived(Enumerable.Range(0, 100).Select(_ => Outcome(800)).ToList());

        Assert.Equal((10, 10_000L), table.Kept);
        Assert.Equal(10, table.Count);
    }

    [Fact]
    public async Task An_outcome_larger_than_everything_that_is_kept_still_reaches_who_waits()
    {
        var table = NewTable(options => options.MaxKeptBytes = 1_000);
        var outcome = Outcome(5_000);
        var entry = table.Await(outcome.Id, out var ended);

        table.Arrived([outcome]);
        table.Leave(entry);

        Assert.Same(outcome, await ended);
        Assert.Equal((0, 0L), table.Kept);
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void What_was_taken_goes_first()
    {
        var table = NewTable(options => options.MaxKeptOutcomes = 2);
        var (older, newer) = (Outcome(1), Outcome(1));
        table.Arrived([older, newer]);

        table.Leave(table.Await(newer.Id, out _), isConsumed: true);
        table.Arrived([Outcome(1)]);

        Assert.True(IsKept(table, older));
        Assert.False(IsKept(table, newer));
    }

    [Fact]
    public void What_somebody_waits_for_is_never_dropped()
    {
        var table = NewTable(options => (options.MaxExpectedOutcomes, options.MaxKeptOutcomes) = (1, 1));
        var ids = Enumerable.Range(0, 100).Select(_ => TaskId.New()).ToList();

        var waits = ids.Select(id => (Entry: table.Await(id, out var ended), Ended: ended)).ToList();
        Assert.Equal((100, 100), (table.Count, table.WaitedForCount));
        table.Arrived(ids.Select(id => Outcome(1) with { Id = id }).ToList());

        Assert.All(waits, wait => Assert.True(wait.Ended.IsCompletedSuccessfully));
        Assert.Equal((1, 0), (table.Count, table.WaitedForCount));
    }

    [Fact]
    public void A_failure_counts_with_its_text()
    {
        var table = NewTable();
        table.Arrived([FakeCluster.Failed(TaskId.New(), new string('x', 1_000))]);

        Assert.Equal(200 + 200 + 2_000, table.Kept.Bytes);
    }

    [Fact]
    public void Whoever_stops_waiting_for_an_expected_task_leaves_it_expected()
    {
        var table = NewTable();
        var id = TaskId.New();
        table.Submitting(id);
        table.Submitted(id, isExpected: true);

        table.Leave(table.Await(id, out _));
        var entry = table.Await(id, out _);

        Assert.Empty(table.TakeDue(10, 1));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Same(entry, Assert.Single(table.TakeDue(10, 1)));
    }

    [Fact]
    public void The_time_between_questions_is_spread_by_chance()
    {
        var table = NewTable();
        var id = TaskId.New();
        table.Submitting(id);
        table.Submitted(id, isExpected: true);
        table.Await(id, out _);

        Assert.Equal([1.8, 2.0, 2.2], new[] { 0.9, 1.0, 1.1 }.Select(jitter => table.NextDue(jitter)!.Value.TotalSeconds));
    }

    [Fact]
    public void A_rejected_submit_leaves_nothing()
    {
        var table = NewTable();
        var id = TaskId.New();

        table.Submitting(id);
        table.Submitted(id, isExpected: false);

        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Who_waits_for_a_submit_that_failed_asks_at_once()
    {
        var table = NewTable();
        var id = TaskId.New();
        table.Submitting(id);
        var entry = table.Await(id, out _);
        Assert.Empty(table.TakeDue(10, 1));

        table.Submitted(id, isExpected: false);

        Assert.Same(entry, Assert.Single(table.TakeDue(10, 1)));
    }

    [Fact]
    public void An_observer_is_called_once_whenever_it_comes()
    {
        var table = NewTable();
        var outcome = Outcome(1);
        var (early, late) = (0, 0);
        Action onEarly = () => early++;

        var entry = table.Await(outcome.Id, onEarly);
        table.Arrived([outcome, outcome]);
        table.Await(outcome.Id, () => late++);
        table.Leave(entry, observer: onEarly);

        Assert.Equal((1, 1), (early, late));
    }

    private static bool IsKept(OutcomeTable table, TaskOutcome outcome)
    {
        var entry = table.Await(outcome.Id, out var ended);
        table.Leave(entry);
        return ended.IsCompleted;
    }

    private static TaskOutcome Outcome(int size) => new() { Id = TaskId.New(), Phase = TaskPhase.Succeeded, Result = new byte[size] };

    private OutcomeTable NewTable(Action<FaultToleranceClientOptions>? configure = null)
    {
        var options = new FaultToleranceClientOptions();
        configure?.Invoke(options);
        return new OutcomeTable(options, new ClientClock(_clock));
    }
}

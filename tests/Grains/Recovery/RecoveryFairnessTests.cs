using FaultTolerance.Gateways;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>Large recoveries: at a bounded rate, in fair turns, in nobody's way, and never twice. Counted, not timed.</summary>
public sealed class RecoveryFairnessTests : IAsyncLifetime
{
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _lab.Recovery.Shards = 1;
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_small_node_is_recovered_after_as_many_batches_as_it_has_whatever_a_large_one_has_left()
    {
        (_lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (10, 1_000_000);
        await DieAsync(1, attempts: 300);
        await DieAsync(2, attempts: 15);
        _lab.EachPageTakes(0.001); // which grants more than a batch
        var before = _lab.Engine.Calls.Count;

        await PassAsync();

        // Three turns of the large one, which died first; of the small one a turn of ten, one of five, and one that found nothing.
        var calls = _lab.Engine.Calls.Skip(before).ToList();
        var completed = calls.FindIndex(call => call.Operation == nameof(INodeRows.MarkRecoveredAsync));
        Assert.Equal(45, calls.Take(completed).Where(IsCommit).Sum(call => call.Rows));
        Assert.Equal(315, calls.Where(IsCommit).Sum(call => call.Rows));
    }

    [Fact]
    public async Task Of_attempts_with_large_arguments_few_are_held_at_once_and_none_is_left()
    {
        var spec = new TaskSpec { Handler = "work", Arguments = [new TaskArgument { Value = new byte[100_000] }] };
        await _lab.JoinAsync(1);
        for (var i = 0; i < 50; i++)
        {
            await _lab.InsertAsync(task => task with { Spec = spec, Phase = TaskPhase.Running, Attempt = 1, Owner = NodeFacts.Life(1), Claimed = _lab.Store.Now });
        }

        await _lab.KillAsync(1);
        var before = _lab.Engine.Calls.Count;

        await PassAsync();

        Assert.Equal([20, 20, 10], _lab.Engine.Calls.Skip(before).Where(IsCommit).Select(call => call.Rows));
    }

    [Fact]
    public async Task All_dead_nodes_of_a_shard_together_keep_to_its_rate_and_its_sweeps_do_not_wait_for_that()
    {
        (_lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (10, 100);
        for (var node = 1; node <= 8; node++)
        {
            await DieAsync(node, attempts: 5);
        }

        var (sweep, began, recovered, before) = (new TimedSweeper(_lab.Clock), _lab.Clock.Now, new List<int>(), Recovered());
        var shard = _lab.Shard(sweep);
        for (var hasMore = true; hasMore; _lab.Pass(0.1))
        {
            hasMore = await PassAsync(shard);
            recovered.Add(Recovered() - before);
        }

        Assert.Equal([10, 20, 30, 40, 40], recovered); // however few each had; the last pass found nothing
        Assert.Equal(Enumerable.Range(0, 5).Select(pass => began + TimeSpan.FromMilliseconds(100 * pass)), sweep.Steps);
    }

    [Fact]
    public async Task At_a_low_rate_attempts_are_recovered_one_by_one_after_the_first_batch_and_the_sweeps_go_on_meanwhile()
    {
        (_lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (4, 2);
        await DieAsync(1, attempts: 7);
        var (sweep, recovered, before) = (new TimedSweeper(_lab.Clock), new List<int>(), Recovered());
        var shard = _lab.Shard(sweep);
        for (var pass = 0; pass < 8; pass++, _lab.Pass(0.25))
        {
            await PassAsync(shard);
            recovered.Add(Recovered() - before);
        }

        Assert.Equal([4, 4, 5, 5, 6, 6, 7, 7], recovered);
        Assert.Equal(8, sweep.Steps.Count);
    }

    [Fact]
    public async Task What_the_rate_grants_is_not_saved_up_while_there_is_nothing_to_recover()
    {
        (_lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (10, 100);
        await DieAsync(1, attempts: 1);
        var shard = _lab.Shard();
        for (var second = 0; second < 60; second++)
        {
            await PassAsync(shard); // as the pacemakers have it, dead nodes or not
            _lab.Pass(1);
        }

        await DieAsync(2, attempts: 30);
        var before = Recovered();

        await PassAsync(shard);

        Assert.Equal(10, Recovered() - before);
    }

    [Fact]
    public async Task Orphans_have_their_page_though_a_dead_node_would_take_all_that_the_rate_grants()
    {
        (_lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (10, 50);
        await DieAsync(1, attempts: 1);
        var owners = _lab.Owners();
        var shard = _lab.Shard(owners, _lab.Orphans(owners));
        await PassAsync(shard);
        var orphan = await _lab.RunningAsync(1); // claimed by a node that was recovered
        await DieAsync(2, attempts: 1_000);

        for (var pass = 0; pass < 40; pass++)
        {
            _lab.Pass(0.2);
            await PassAsync(shard);
        }

        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(orphan)).Phase);
        Assert.NotEmpty(await _lab.TasksAsync(TaskPhase.Running)); // the dead node's are not done yet
    }

    [Fact]
    public async Task While_ten_thousand_attempts_are_recovered_new_work_is_claimed_in_its_turn_and_the_sweeps_have_theirs()
    {
        await DieAsync(1, attempts: 10_000);
        var shard = _lab.Shard();

        var before = Recovered();
        var hasMore = await PassAsync(shard);
        var recovered = Recovered() - before;
        _lab.Pass(0.2);
        var fresh = await _lab.InsertAsync(task => task);
        var began = _lab.Clock.Now;
        while (hasMore)
        {
            hasMore = await PassAsync(shard);
            _lab.Pass(0.2);
        }

        Assert.Equal(500, recovered); // the first batch; then the pass was over
        Assert.Equal(TimeSpan.FromSeconds(5), _lab.Clock.Now - began); // 9,500 at 2,000 a second, and a pass that found nothing
        Assert.DoesNotContain(fresh, await ClaimAsync(500));
        Assert.Contains(fresh, await ClaimAsync(1_000)); // behind those that were queued before it, before the 9,500 that came after
        Assert.Equal(10_000, (await IncidentAsync(1)).AttemptsAffected);
    }

    [Fact]
    public async Task However_many_nodes_are_dead_the_sweeps_have_their_turn_after_a_second_and_the_next_pass_goes_on_with_the_next_node()
    {
        for (var node = 1; node <= 8; node++)
        {
            await DieAsync(node, attempts: 1);
            _lab.Pass(0.001);
        }

        var sweep = new TimedSweeper(_lab.Clock);
        var shard = _lab.Shard(sweep);
        _lab.EachPageTakes(1);
        var began = _lab.Clock.Now;
        for (var pass = 1; pass <= 8; pass++)
        {
            Assert.True(await shard.PassAsync(0, CancellationToken.None));
        }

        Assert.Equal(Enumerable.Range(1, 8).Select(pass => began + TimeSpan.FromSeconds(2 * pass)), sweep.Steps); // one page counts, one is recovered
        Assert.Equal(Enumerable.Range(1, 8).Select(node => $"node-{node} recovery started"), Heard("started"));
        Assert.Empty(Heard("completed"));

        for (var pass = 1; pass <= 8; pass++)
        {
            Assert.Equal(pass < 8, await shard.PassAsync(0, CancellationToken.None));
        }

        Assert.Equal(Enumerable.Range(1, 8).Select(node => $"node-{node} recovery completed"), Heard("completed"));
    }

    [Fact]
    public async Task A_node_whose_recovery_fails_slowly_keeps_no_other_from_its_turn()
    {
        await DieAsync(1, attempts: 1);
        _lab.Pass(0.001);
        await DieAsync(2, attempts: 1);
        var shard = _lab.Shard();
        var pages = 0;
        _lab.Engine.Plan = call =>
        {
            if (call.Operation != nameof(ITaskRows.ListAsync))
            {
                return InjectedFault.None;
            }

            _lab.Pass(10);
            return ++pages == 1 ? InjectedFault.Unusable : InjectedFault.None;
        };

        Assert.True(await shard.PassAsync(0, CancellationToken.None));
        await shard.PassAsync(0, CancellationToken.None);

        Assert.Equal(["node-2 recovery started"], Heard("started"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task A_recovery_that_is_killed_half_way_is_resumed_and_no_attempt_is_started_twice_for_one_incident(int killedAfter)
    {
        (_lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (10, 1_000_000);
        await DieAsync(1, attempts: 100);
        var batches = 0;
        _lab.Engine.Plan = call =>
        {
            _lab.Pass(0.001); // which grants more than a batch
            return IsCommit(call) && ++batches > killedAfter ? InjectedFault.Unusable : InjectedFault.None;
        };
        await PassAsync();
        _lab.EachPageTakes(0.001);
        var begun = await ClaimAsync(7);

        await PassAsync();

        var tasks = await _lab.TasksAsync();
        Assert.Equal((7, 93), (tasks.Count(task => task.Phase == TaskPhase.Running), tasks.Count(task => task.Phase == TaskPhase.Queued)));
        Assert.All(tasks, task => Assert.Equal((1, 1), (task.Life.Charges, task.Life.Attempts.Count)));
        Assert.Equal(begun.Order(), tasks.Where(task => task.Owner == NodeFacts.Life(2)).Select(task => task.Id).Order());
        Assert.Equal(100, (await IncidentAsync(1)).AttemptsAffected);
    }

    private IEnumerable<string> Heard(string what) => _lab.Events.Heard.Where(heard => heard.EndsWith($" recovery {what}", StringComparison.Ordinal));

    /// <summary>Returns how many rows of tasks were written.</summary>
    private int Recovered() => _lab.Engine.Calls.Where(IsCommit).Sum(call => call.Rows);

    private static bool IsCommit(StoreCall call) => call.Operation == nameof(IStorageEngine.CommitTasksAsync);

    private async Task DieAsync(int node, int attempts)
    {
        await _lab.JoinAsync(node);
        for (var i = 0; i < attempts; i++)
        {
            await _lab.RunningAsync(node);
        }

        await _lab.KillAsync(node);
    }

    /// <summary>Makes one pass; of a shard that has just begun, if none is given.</summary>
    private Task<bool> PassAsync(RecoveryShard? shard = null) => (shard ?? _lab.Shard()).PassAsync(0, CancellationToken.None);

    private async Task<IReadOnlyList<TaskId>> ClaimAsync(int limit)
    {
        var claim = new TaskClaim { Owner = NodeFacts.Life(2), Handlers = ["work@1"], Limit = limit, Token = _lab.Store.NewToken() };
        return [.. (await _lab.Store.ClaimAsync(claim, CancellationToken.None)).Select(row => row.Id)];
    }

    private async Task<IncidentSnapshot> IncidentAsync(int node) => (await _lab.Incidents.FindAsync(NodeFacts.Life(node), CancellationToken.None))!;

    private sealed class TimedSweeper(MonotonicClock clock) : IRecoverySweeper
    {
        public List<TimeSpan> Steps { get; } = [];

        public RecoverySweep Sweep => RecoverySweep.Retention;

        public Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
        {
            Steps.Add(clock.Now);
            return Task.CompletedTask;
        }
    }
}

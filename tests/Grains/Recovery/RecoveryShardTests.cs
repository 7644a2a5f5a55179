using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Recovery;

public sealed class RecoveryShardTests : IAsyncLifetime
{
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Every_dead_node_is_recovered_by_the_shard_that_it_belongs_to()
    {
        for (var i = 1; i <= 8; i++)
        {
            await _lab.JoinAsync(i);
            await _lab.RunningAsync(i);
            await _lab.KillAsync(i);
        }

        foreach (var shard in Enumerable.Range(0, 4))
        {
            await _lab.Shard().PassAsync(shard, CancellationToken.None);
            var rows = await _lab.Store.ListNodesAsync(100, CancellationToken.None);
            Assert.All(rows, row => Assert.Equal(RecoveryDuties.ShardOf(row.Incarnation, 4) <= shard, row.Recovered is not null));
        }

        Assert.Equal(8, (await _lab.TasksAsync(TaskPhase.Queued)).Count);
    }

    [Fact]
    public async Task A_sweep_is_done_by_its_shard_only()
    {
        var sweeps = Enum.GetValues<RecoverySweep>().Select(sweep => new CountedSweeper(sweep)).ToArray();

        await _lab.Shard(sweeps).PassAsync(2, CancellationToken.None);

        Assert.Equal([0, 0, 1, 0, 0, 0, 1], sweeps.Select(sweep => sweep.Steps));
    }

    [Fact]
    public async Task A_node_that_cannot_be_recovered_now_keeps_no_other_and_no_sweep_from_being_done()
    {
        _lab.Recovery.Shards = 1;
        await _lab.JoinAsync(1);
        await _lab.KillAsync(1);
        _lab.Pass(1);
        await _lab.JoinAsync(2);
        await _lab.KillAsync(2);
        var failures = 1;
        _lab.Engine.Plan = call => call.Operation == nameof(INodeRows.MarkRecoveredAsync) && failures-- > 0 ? InjectedFault.Unreachable : InjectedFault.None;
        var sweep = new CountedSweeper(RecoverySweep.Orphans);
        var broken = new CountedSweeper(RecoverySweep.Dependents) { Fails = true };

        await _lab.Shard(broken, sweep).PassAsync(0, CancellationToken.None);

        Assert.Null((await _lab.RowAsync(1)).Recovered);
        Assert.NotNull((await _lab.RowAsync(2)).Recovered);
        Assert.Equal((1, 1), (broken.Steps, sweep.Steps));
        await _lab.Shard().PassAsync(0, CancellationToken.None);
        Assert.NotNull((await _lab.RowAsync(1)).Recovered);
    }

    [Fact]
    public async Task The_node_that_died_first_is_recovered_first_whatever_its_life_and_its_work_and_sweeps_come_after()
    {
        _lab.Recovery.Shards = 1;
        var seen = new List<string>();
        foreach (var (node, attempts) in new[] { (3, 1), (1, 9), (2, 4) })
        {
            await _lab.JoinAsync(node);
            for (var i = 0; i < attempts; i++)
            {
                await _lab.RunningAsync(node);
            }

            await _lab.KillAsync(node);
            _lab.Pass(1);
        }

        var sweep = new CountedSweeper(RecoverySweep.Orphans) { OnStep = () => seen.AddRange(Recovered()) };
        await _lab.Shard(sweep).PassAsync(0, CancellationToken.None);

        Assert.Equal(["node-3 recovery completed", "node-1 recovery completed", "node-2 recovery completed"], seen);

        IEnumerable<string> Recovered() => _lab.Events.Heard.Where(heard => heard.EndsWith("recovery completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweeps_are_told_when_a_node_was_last_lost_or_recovered()
    {
        _lab.Recovery.Shards = 1;
        var sweep = new CountedSweeper(RecoverySweep.Dependents);
        var shard = _lab.Shard(sweep);
        await _lab.JoinAsync(1);
        await shard.PassAsync(0, CancellationToken.None);
        Assert.Null(sweep.LastLoss);
        await _lab.KillAsync(1);
        _lab.Pass(1);

        await shard.PassAsync(0, CancellationToken.None);
        Assert.Equal((await _lab.RowAsync(1)).Ended, sweep.LastLoss);
        await shard.PassAsync(0, CancellationToken.None);
        Assert.Equal((await _lab.RowAsync(1)).Recovered, sweep.LastLoss);
    }

    [Fact]
    public async Task A_pass_that_is_stopped_does_nothing_more()
    {
        await _lab.JoinAsync(1);
        await _lab.KillAsync(1);
        var sweep = new CountedSweeper(RecoverySweep.Orphans);

        await _lab.Shard(sweep).PassAsync(0, new CancellationToken(canceled: true));

        Assert.Equal(0, sweep.Steps);
    }

    private sealed class CountedSweeper(RecoverySweep sweep) : IRecoverySweeper
    {
        public RecoverySweep Sweep => sweep;

        public bool Fails { get; init; }

        public Action OnStep { get; init; } = () => { };

        public int Steps { get; private set; }

        public DateTimeOffset? LastLoss { get; private set; }

        public Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
        {
            Steps++;
            OnStep();
            LastLoss = lastLoss;
            return Fails ? throw new InvalidOperationException("It failed.") : Task.CompletedTask;
        }
    }
}

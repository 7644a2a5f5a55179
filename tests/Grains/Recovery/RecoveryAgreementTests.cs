using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>Whether a node may work beside the others, by the number of shards among which each divides recovery. It is node 5, and has 4.</summary>
public sealed class RecoveryAgreementTests : IAsyncLifetime
{
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_node_that_differs_from_a_living_one_is_not_started_and_says_what_to_do()
    {
        await _lab.JoinAsync(1, shards: 4);
        await _lab.JoinAsync(2, shards: 8);

        var refused = await Assert.ThrowsAsync<FaultToleranceException>(CheckAsync);

        Assert.StartsWith("Node node-5 was not started: its FaultTolerance:Recovery:Shards is 4, and that of node node-2, which is alive, is 8;", refused.Message);
        Assert.Contains("Give all nodes the same number.", refused.Message);
    }

    [Fact]
    public async Task Beside_nodes_with_the_same_number_and_those_of_an_older_version_it_starts()
    {
        await _lab.JoinAsync(1, shards: 4);
        await _lab.JoinAsync(2);

        await CheckAsync();
    }

    [Fact]
    public async Task Those_that_are_dead_or_whose_lease_is_over_do_not_count()
    {
        var ended = await _lab.JoinAsync(1, shards: 8);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = ended.Incarnation, Phase = NodePhase.Left, IsProvedGone = true }, CancellationToken.None);
        await CheckAsync();

        await _lab.JoinAsync(2, shards: 8);
        _lab.Pass(5.1);

        await CheckAsync();
    }

    [Fact]
    public async Task Those_whose_processes_are_gone_do_not_count_though_their_leases_run()
    {
        var killed = await _lab.JoinAsync(1, shards: 8);
        _lab.Prover.Bury(killed.Incarnation);
        var former = NodeFacts.Info(5) with { Incarnation = NodeFacts.Life(2), RecoveryShards = 8 };
        await _lab.JoinAsync(new NodeRecord { Info = former });

        await CheckAsync();
    }

    [Fact]
    public async Task One_that_starts_at_the_same_time_counts_too_whichever_is_older()
    {
        await _lab.JoinAsync(6, NodePhase.Joining, shards: 8);

        Assert.Contains("node-6", (await Assert.ThrowsAsync<FaultToleranceException>(CheckAsync)).Message);
    }

    private async Task CheckAsync()
    {
        var self = new LocalNode(NodeFacts.Info(5, generation: 2) with { RecoveryShards = 4 });
        await new RecoveryAgreement(_lab.Store, _lab.Directory, _lab.Prover, self).CheckAsync(CancellationToken.None);
    }
}

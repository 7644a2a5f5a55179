using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Tests.Nodes;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>Nodes 1 and 2 of three fail all that node 3 can run.</summary>
public sealed class NodeAccuserTests : IAsyncLifetime
{
    private StoreLab _lab = null!;
    private NodeAccuser _accuser = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _accuser = _lab.Accuser();
        foreach (var node in Enumerable.Range(1, 3))
        {
            await _lab.JoinAsync(node);
            Hear(node, 0, 0);
            Hear(node, node == 3 ? 400 : 0, node == 3 ? 0 : 20);
        }

        _lab.Directory.Replace(await _lab.Store.ListNodesAsync(10, CancellationToken.None));
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Checks_before_the_rows_show_the_quarantine_accuse_no_more_than_the_share()
    {
        await AccuseAsync(at: 0);
        await AccuseAsync(at: 0.5);
        await AccuseAsync(at: 29);

        Assert.Equal(1, await QuarantinedAsync());
    }

    [Fact]
    public async Task A_node_that_did_not_take_its_order_is_accused_again_and_its_order_stands()
    {
        await AccuseAsync(at: 0);
        var accused = await OrderAsync(1) is null ? 2 : 1;
        var order = await OrderAsync(accused);
        _lab.Pass(31);
        await AccuseAsync(at: 31); // forgets what was before
        Hear(accused, 0, 20);
        Hear(accused, 0, 60);

        await AccuseAsync(at: 31.5);

        Assert.Equal(order, await OrderAsync(accused));
        Assert.Equal(1, order!.Round);
    }

    private void Hear(int node, long succeeded, long failed) => _accuser.Hear(
        new NodeHeartbeat { Node = NodeFacts.Info(node), Ended = [new HandlerTally("work@1", succeeded, failed)] }, TimeSpan.Zero);

    private Task AccuseAsync(double at) => _accuser.AccuseAsync(TimeSpan.FromSeconds(at), CancellationToken.None);

    private Task<NodeOrder?> OrderAsync(int node) => _lab.Orders().FindAsync($"node-{node}", CancellationToken.None);

    private async Task<int> QuarantinedAsync() =>
        (await Task.WhenAll(Enumerable.Range(1, 3).Select(OrderAsync))).Count(order => order?.Kind == NodeOrderKind.Quarantine);
}

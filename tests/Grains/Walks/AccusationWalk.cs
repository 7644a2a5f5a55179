using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>The detector finds that a node fails what others can run. It looks again, or another one does, before the node's row shows the quarantine.</summary>
internal sealed class AccusationWalk : WriteWalk
{
    private NodeAccuser _accuser = null!;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitStatesAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(NodeOrders)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        foreach (var node in Enumerable.Range(1, 3))
        {
            await lab.JoinAsync(node);
        }

        lab.Directory.Replace(await lab.Store.ListNodesAsync(10, CancellationToken.None));
        _accuser = Detector(lab);
    }

    public override Task ActAsync(StoreLab lab) => _accuser.AccuseAsync(lab.Clock.Now, CancellationToken.None);

    public override async Task FollowAsync(StoreLab lab)
    {
        lab.Pass(1);
        if (!IsDead)
        {
            await ActAsync(lab);
        }

        await Detector(lab).AccuseAsync(lab.Clock.Now, CancellationToken.None);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        var order = (await lab.Orders().FindAsync("node-2", CancellationToken.None))!;
        Assert.Equal((NodeOrderKind.Quarantine, true, 1), (order.Kind, order.IsAutomatic, order.Round));
        Assert.Equal(lab.Quarantine.BaseTime, order.EndsAt - order.At);
        Assert.Null(await lab.Orders().FindAsync("node-1", CancellationToken.None));
        Assert.Null(await lab.Orders().FindAsync("node-3", CancellationToken.None));
    }

    /// <summary>Returns a detector that has heard of all three nodes, of which the second fails everything.</summary>
    private static NodeAccuser Detector(StoreLab lab)
    {
        var accuser = lab.Accuser();
        foreach (var (node, attempts) in Enumerable.Range(1, 3).SelectMany(node => new[] { (node, 0), (node, 40) }))
        {
            var tally = node == 2 ? new HandlerTally("work@1", 0, attempts) : new HandlerTally("work@1", attempts, 0);
            accuser.Hear(new NodeHeartbeat { Node = NodeFacts.Info(node), Ended = [tally] }, lab.Clock.Now);
        }

        return accuser;
    }
}

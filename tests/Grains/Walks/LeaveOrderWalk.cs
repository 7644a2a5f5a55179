using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>An operator keeps a node from work, drains it, and evicts it in the end. Where he was not answered, he orders it again.</summary>
internal sealed class LeaveOrderWalk : WriteWalk
{
    private readonly List<NodeOrder> _answers = [];
    private int _told;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitStatesAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(NodeOrders)];

    public override async Task PrepareAsync(StoreLab lab) => await lab.JoinAsync(1);

    public override async Task ActAsync(StoreLab lab)
    {
        var node = lab.NodeGrain(1, _ => Task.FromResult(_told++));
        _answers.Add(await node.QuarantineAsync("It is slow."));
        _answers.Add(await node.DrainAsync(new NodeDrain { Within = TimeSpan.FromMinutes(5), Reason = "It is replaced.", IsPreemption = true }));
        _answers.Add(await node.EvictAsync("It is replaced now."));
    }

    public override async Task FollowAsync(StoreLab lab)
    {
        var acknowledged = _answers.LastOrDefault();
        var stands = await lab.Orders().FindAsync("node-1", CancellationToken.None);
        if (acknowledged is not null)
        {
            Assert.True(stands!.Kind >= acknowledged.Kind, $"{acknowledged.Kind} was acknowledged, and {stands.Kind} stands.");
        }

        (_told, var sooner) = (0, stands);
        lab.Pass(1);
        _answers.Clear();
        await ActAsync(lab);
        Assert.Equal(3, _told);
        if (sooner?.Kind == NodeOrderKind.Evict)
        {
            Assert.Equal(sooner, _answers[^1]); // given again, it is the same order
        }
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        var stands = (await lab.Orders().FindAsync("node-1", CancellationToken.None))!;
        Assert.Equal(_answers[^1], stands);
        Assert.Equal((NodeOrderKind.Evict, "It is replaced now.", true, NodeFacts.Life(1)), (stands.Kind, stands.Reason, stands.IsPreemption, stands.Incarnation));
        Assert.Equal((NodeOrderKind.Quarantine, "It is slow.", null), (stands.Beneath!.Kind, stands.Beneath.Reason, stands.Beneath.Beneath));
    }
}

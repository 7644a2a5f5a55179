using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>An operator keeps a node from work and lets it back. Where he was not answered, he asks what stands and orders it again.</summary>
internal sealed class ReleaseOrderWalk : WriteWalk
{
    private NodeOrder? _acknowledged;
    private int _told;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitStatesAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(NodeOrders)];

    public override async Task PrepareAsync(StoreLab lab) => await lab.JoinAsync(1);

    public override async Task ActAsync(StoreLab lab)
    {
        var node = Node(lab);
        _acknowledged = await node.QuarantineAsync("It is slow.");
        _acknowledged = await node.ReleaseAsync("It is well again.");
    }

    public override async Task FollowAsync(StoreLab lab)
    {
        if (_acknowledged?.Kind == NodeOrderKind.None)
        {
            Assert.Equal(_acknowledged, (await Node(lab).GetSnapshotAsync())!.Order);
            return;
        }

        _told = 0;
        _acknowledged = await Node(lab).ReleaseAsync("It is well again.");
        Assert.Equal(1, _told);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        var stands = (await Node(lab).GetSnapshotAsync())!.Order!;
        Assert.Equal(_acknowledged, stands);
        Assert.Equal((NodeOrderKind.None, "It is well again.", null), (stands.Kind, stands.Reason, stands.Beneath));
    }

    private NodeGrain Node(StoreLab lab) => lab.NodeGrain(1, _ => Task.FromResult(_told++));
}

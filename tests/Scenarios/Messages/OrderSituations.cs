using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>What sends the messages that give orders to nodes. Orders to leave go to a life without a silo, so that the others stay.</summary>
internal static class OrderSituations
{
    public static Task QuarantineAsync(MessageLab lab) => GiveAsync(lab, NodeOrderKind.Quarantine, node => node.QuarantineAsync("It looks ill."));

    public static Task DrainAsync(MessageLab lab) =>
        GiveAsync(lab, NodeOrderKind.Drain, node => node.DrainAsync(new NodeDrain { Within = TimeSpan.FromMinutes(1) }));

    public static Task EvictAsync(MessageLab lab) => GiveAsync(lab, NodeOrderKind.Evict, node => node.EvictAsync("It is taken away."));

    public static Task ReleaseAsync(MessageLab lab) =>
        GiveAsync(lab, NodeOrderKind.None, node => node.ReleaseAsync("It is well."), node => node.QuarantineAsync("It looks ill."));

    public static async Task LookAsync(MessageLab lab)
    {
        var node = lab.Node(2);
        var grain = lab.Orleans.GetGrain<INodeGrain>(node.Incarnation.Value);
        await lab.StrikeAsync(
            async () =>
            {
                var order = await grain.QuarantineAsync("It looks ill.");
                await lab.Events.QuarantinedAsync(node.Incarnation, isQuarantined: true);
                return order;
            },
            async () =>
            {
                await grain.ReleaseAsync("It is well.");
                await lab.Events.QuarantinedAsync(node.Incarnation, isQuarantined: false);
            });

        await lab.Cluster.SiloServices(2).GetRequiredService<NodeAgent>().RenewAsync(CancellationToken.None); // its row says so from now on
        Assert.Equal(NodePhase.Alive, (await grain.GetSnapshotAsync())!.Phase);
    }

    private static async Task GiveAsync(MessageLab lab, NodeOrderKind kind, Func<INodeGrain, Task<NodeOrder>> give, Func<INodeGrain, Task<NodeOrder>>? before = null)
    {
        var services = lab.Cluster.SiloServices(0);
        var store = services.GetRequiredService<IDurableStore>();
        var info = lab.Node(0).Info with { Name = lab.Name, Incarnation = NodeIncarnation.New(TimeProvider.System.GetUtcNow(), 815 + (int)lab.Fault) };
        var record = services.GetRequiredService<Serializer<NodeRecord>>().SerializeToArray(new NodeRecord { Info = info });
        var row = new NodeRow { Incarnation = info.Incarnation, Name = info.Name, Phase = NodePhase.Joining, Info = record };
        Assert.True(await store.RegisterNodeAsync(row, TimeSpan.FromMinutes(1), CancellationToken.None));
        var node = lab.Orleans.GetGrain<INodeGrain>(info.Incarnation.Value);
        if (before is not null)
        {
            await before(node);
        }

        var order = await lab.StrikeAsync(() => MessageLab.AskAsync(() => give(node)), () => give(node));

        var standing = (await node.GetSnapshotAsync())!.Order!;
        Assert.Equal((kind, info.Incarnation), (order.Kind, order.Incarnation));
        Assert.Equal(kind == NodeOrderKind.None ? order with { At = standing.At } : order, standing); // only the end of a quarantine is given anew
        Assert.True(await store.EndNodeAsync(new NodeEnd { Incarnation = info.Incarnation, Phase = NodePhase.Left, IsProvedGone = true }, CancellationToken.None));
    }
}

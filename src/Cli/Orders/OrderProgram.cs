using System.Globalization;
using FaultTolerance.Cli.Connections;
using Spectre.Console;

namespace FaultTolerance.Cli.Orders;

/// <inheritdoc cref="IOrderProgram"/>
internal sealed class OrderProgram(Terminal terminal) : IOrderProgram
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a node may take beyond a drain's deadline: to hand over, to leave, or to be declared dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task<int> GiveAsync(ClusterTarget target, OrderRequest request, bool json, CancellationToken cancellationToken)
    {
        await using var cluster = await ClusterConnection.OpenAsync(target, terminal.TimeProvider, cancellationToken);
        var node = await FindAsync(cluster, request.Node, cancellationToken);
        var order = await cluster.AskAsync(grains => GiveAsync(grains.GetGrain<INodeGrain>(node.Info.Incarnation.Value), request), cancellationToken);
        if (request.Waits)
        {
            await terminal.SayAsync(json, $"{node.Info.Name} was told. Waiting until it is done; the order stands also if you stop waiting.");
        }

        var last = request.Waits ? await WaitAsync(cluster, node, order, cancellationToken) : node;
        var view = ViewOf(last, order, request.Waits ? IsDone(last, order) : null);
        await terminal.ShowAsync(json, view, () => new Rows(new Markup(Sentence(view))));
        return view.ExitCode();
    }

    private static Task<NodeOrder> GiveAsync(INodeGrain node, OrderRequest request) => request.Kind switch
    {
        NodeOrderKind.Quarantine => node.QuarantineAsync(request.Reason),
        NodeOrderKind.Drain => node.DrainAsync(new NodeDrain { Within = request.Within, IsPreemption = request.IsPreemption, Reason = request.Reason }),
        NodeOrderKind.Evict => node.EvictAsync(request.Reason),
        _ => node.ReleaseAsync(request.Reason),
    };

    /// <summary>Finds the life that is meant: that one, or the newest of the node that has not ended.</summary>
    private static async Task<NodeSnapshot> FindAsync(ClusterConnection cluster, string name, CancellationToken cancellationToken)
    {
        var nodes = await cluster.AskAsync(grains => grains.GetGrain<IFailureDetectorGrain>(0).GetNodesAsync(), cancellationToken);
        var meant = nodes.Where(node => node.Info.Name == name || node.Info.Incarnation.ToString() == name).ToList();
        return meant.Where(node => node.EndedAt is null).MaxBy(node => node.Info.Incarnation)
            ?? throw new CommandException(ExitCodes.NotFound, meant.Count > 0
                ? $"Node {name} has no life that has not ended. Start it again first (in a local cluster: ft cluster stop, then ft cluster start); ft nodes --all shows what was."
                : $"There is no node {name}. The cluster's nodes are: {string.Join(", ", nodes.Where(node => node.EndedAt is null).Select(node => node.Info.Name).Order())}.");
    }

    private async Task<NodeSnapshot> WaitAsync(ClusterConnection cluster, NodeSnapshot node, NodeOrder order, CancellationToken cancellationToken)
    {
        var limit = (order.Deadline - order.At ?? TimeSpan.Zero) + Grace;
        var start = terminal.TimeProvider.GetTimestamp();
        using var timer = new PeriodicTimer(LookInterval, terminal.TimeProvider);
        var last = node;
        while (!IsDone(last, order) && last.EndedAt is null && terminal.TimeProvider.GetElapsedTime(start) < limit && await timer.WaitForNextTickAsync(cancellationToken))
        {
            last = await LookAsync(cluster, node, order, cancellationToken) ?? last;
        }

        return last;
    }

    private static async Task<NodeSnapshot?> LookAsync(ClusterConnection cluster, NodeSnapshot node, NodeOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.AskAsync(grains => grains.GetGrain<INodeGrain>(node.Info.Incarnation.Value).GetSnapshotAsync(), cancellationToken);
        }
        catch (CommandException exception) when (exception.ExitCode == ExitCodes.Unreachable)
        {
            throw new CommandException(
                ExitCodes.Unreachable,
                $"The order stands: {node.Info.Name} is to {Verb(order.Kind)}. But nobody can be asked any more whether it is done; if it was the last silo, it has left. {exception.Message}",
                exception);
        }
    }

    /// <summary>Whether the node is as the order wants it. One that died instead of leaving is gone, too, but not in order.</summary>
    private static bool IsDone(NodeSnapshot node, NodeOrder order) => order.Kind switch
    {
        NodeOrderKind.Quarantine => node.Phase is NodePhase.Quarantined or NodePhase.Draining,
        NodeOrderKind.None => node.Phase is NodePhase.Alive or NodePhase.Suspected,
        NodeOrderKind.Evict => node.EndedAt is not null,
        _ => node.Phase == NodePhase.Left,
    };

    private static OrderView ViewOf(NodeSnapshot node, NodeOrder order, bool? isDone) => new()
    {
        Node = node.Info.Name,
        Incarnation = node.Info.Incarnation.ToString(),
        Order = order.Kind,
        At = order.At,
        Deadline = order.Deadline,
        Reason = order.Reason,
        Phase = node.Phase,
        IsDone = isDone,
    };

    private static string Sentence(OrderView view)
    {
        var node = $"{view.Node.EscapeMarkup()}, life {view.Incarnation},";
        var until = view.Deadline is { } deadline ? string.Create(CultureInfo.InvariantCulture, $" until {deadline:HH:mm:ss} UTC") : "";
        return view.IsDone switch
        {
            null => $"The order stands: {node} is to {Verb(view.Order)}{until}.",
            true => $"[green]Done:[/] {node} is {Tables.Words(view.Phase)}.",
            false => $"[red]Not done:[/] {node} was to {Verb(view.Order)}{until} and is {Tables.Words(view.Phase)}. See ft nodes and the node's log.",
        };
    }

    private static string Verb(NodeOrderKind order) => order switch
    {
        NodeOrderKind.Quarantine => "take no work",
        NodeOrderKind.Drain => "drain",
        NodeOrderKind.Evict => "leave at once",
        _ => "take work again",
    };
}

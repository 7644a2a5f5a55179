using FaultTolerance.Gateways;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>Every message between our grains and processes, one row each.</summary>
internal static class MessageTable
{
    public static IReadOnlyList<MessageRow> Rows { get; } =
    [
        Row<ITaskGatewayGrain>(nameof(ITaskGatewayGrain.SubmitAsync),
            "a client submits a task", "it is accepted once and runs once", ClientSituations.SubmitAsync),
        Row<ITaskGatewayGrain>(nameof(ITaskGatewayGrain.GetOutcomesAsync),
            "a client asks how another one's task has ended", "it gets the result", ClientSituations.AskAsync),
        Row<ITaskGatewayGrain>(nameof(ITaskGatewayGrain.GetResultAsync),
            "a client fetches a large result", "it gets every byte", ClientSituations.FetchAsync),
        Row<ISessionGrain>(nameof(ISessionGrain.ListenAsync),
            "a client renews its session", "it learns of every outcome", ClientSituations.ListenAsync),
        Row<ISessionGrain>(nameof(ISessionGrain.TellAsync),
            "a node tells a session of an outcome", "the client learns of it", ClientSituations.TellAsync),
        Row<IOutcomeListener>(nameof(IOutcomeListener.OnOutcomesAsync),
            "a session tells its client of an outcome", "the client learns of it", ClientSituations.HearAsync),
        Row<ITaskGrain>(nameof(ITaskGrain.GetSnapshotAsync),
            "a client looks at a task", "it sees what is stored", TaskSituations.LookAsync),
        Row<ITaskGrain>(nameof(ITaskGrain.GetHistoryAsync),
            "a client reads a task's attempts", "it sees what is stored", TaskSituations.ReadHistoryAsync),
        Row<ITaskGrain>(nameof(ITaskGrain.GetLineageAsync),
            "a client reads a task's lineage", "it sees what is stored", TaskSituations.ReadLineageAsync),
        Row<ITaskGrain>(nameof(ITaskGrain.CancelAsync),
            "a client cancels a task that has a child", "both end as cancelled, once, and their handlers stop", TaskSituations.CancelAsync),
        Row<INodeLink>(nameof(INodeLink.VoidAsync),
            "a node is told that an attempt is void", "its handler stops, and what it reports changes nothing", TaskSituations.VoidAsync),
        Row<INodeLink>(nameof(INodeLink.HintAsync),
            "nodes are told of work in the queue", "it is done once", TaskSituations.HintAsync),
        Row<INodeLink>(nameof(INodeLink.GetParameterTypesAsync),
            "a gateway asks what a handler takes that only another node has", "the call is accepted and runs there", TaskSituations.AskForTypesAsync),
        Row<IClusterQueryGrain>(nameof(IClusterQueryGrain.ListTasksAsync),
            "somebody lists tasks, and asks again after no answer", "the list is what is stored", TaskSituations.ListAsync),
        Row<IClusterQueryGrain>(nameof(IClusterQueryGrain.ListIncidentsAsync),
            "somebody lists incidents, and asks again after no answer", "the list is what is stored", NodeSituations.ListIncidentsAsync),
        Row<IClusterQueryGrain>(nameof(IClusterQueryGrain.FindIncidentAsync),
            "somebody looks up an incident, and asks again after no answer", "it is as it is stored", NodeSituations.FindIncidentAsync),
        Row<IClusterQueryGrain>(nameof(IClusterQueryGrain.ListIncidentsAfterAsync),
            "a reader asks for what failed since it looked last, and asks again after no answer", "it gets the same page", NodeSituations.FollowIncidentsAsync),
        Row<INodeGrain>(nameof(INodeGrain.GetSnapshotAsync),
            "somebody looks at a node, and asks again after no answer", "it is as its row shows it", NodeSituations.LookAsync),
        Row<INodeGrain>(nameof(INodeGrain.QuarantineAsync),
            "an operator quarantines a node, and asks again after no answer", "one order stands", OrderSituations.QuarantineAsync),
        Row<INodeGrain>(nameof(INodeGrain.ReleaseAsync),
            "an operator ends a quarantine, and asks again after no answer", "no order stands", OrderSituations.ReleaseAsync),
        Row<INodeGrain>(nameof(INodeGrain.DrainAsync),
            "an operator drains a node, and asks again after no answer", "one order stands", OrderSituations.DrainAsync),
        Row<INodeGrain>(nameof(INodeGrain.EvictAsync),
            "an operator evicts a node, and asks again after no answer", "one order stands", OrderSituations.EvictAsync),
        Row<INodeLink>(nameof(INodeLink.LookForOrdersAsync),
            "a node is told that there is an order for it", "it carries it out", OrderSituations.LookAsync),
        Row<IFailureDetectorGrain>(nameof(IFailureDetectorGrain.GetNodesAsync),
            "somebody lists nodes, and asks again after no answer", "all are alive", NodeSituations.ListAsync),
        Row<IFailureDetectorGrain>(nameof(IFailureDetectorGrain.HeartbeatAsync),
            "a node sends its heartbeat", "the newest one counts, and nobody is taken for dead", NodeSituations.BeatAsync),
        Row<IFailureDetectorGrain>(nameof(IFailureDetectorGrain.SuspectAsync),
            "a node tells of another that did not answer", "that one is called, and is alive", NodeSituations.SuspectAsync),
        Row<INodeLink>(nameof(INodeLink.ProbeAsync),
            "a suspected node is called", "it is alive, and no incident is recorded", NodeSituations.ProbeAsync),
        Row<INodeLink>(nameof(INodeLink.ReachesAsync),
            "another node is to call a suspected one", "it is alive, and no incident is recorded", NodeSituations.ReachesAsync),
        Row<INodeLink>(nameof(INodeLink.SeesNoneAsync),
            "another node is to say whether a node is gone that refuses this one", "nobody is taken for gone who is not", NodeSituations.SeesNoneAsync),
        Row<INodeLink>(nameof(INodeLink.IsCutOffAsync),
            "a node asks its peers whether they have lost the store", "nobody is taken for cut off who is not", NodeSituations.PollAsync),
        Row<IRecoveryGrain>(nameof(IRecoveryGrain.TouchAsync),
            "recovery is touched after a death", "the dead node's task runs once more, for one incident", RecoverySituations.TouchAsync),
        Row<IRemindable>(nameof(IRemindable.ReceiveReminder),
            "recovery is reminded after a death", "the dead node's task runs once more, for one incident", RecoverySituations.RemindAsync),
    ];

    private static MessageRow Row<TInterface>(string method, string situation, string promise, Func<MessageLab, Task> run) =>
        new($"{typeof(TInterface).Name}.{method}", situation, promise, run);
}

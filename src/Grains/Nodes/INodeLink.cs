using Orleans.Concurrency;
using Orleans.Services;

namespace FaultTolerance.Grains.Nodes;

/// <summary>What one silo says to another directly. There is one on each silo.</summary>
[Alias("ft.INodeLink")]
internal interface INodeLink : IGrainService
{
    /// <summary>Says that there is work in the queue. Losing it costs a moment: every node looks by itself now and then.</summary>
    [Alias("Hint"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task HintAsync();

    /// <summary>Says that attempts that may run there are void.</summary>
    [Alias("Void"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task VoidAsync(IReadOnlyList<AttemptName> attempts);

    /// <summary>Answers once the silo's pipeline has taken a turn: proof that it works, and not only listens.</summary>
    /// <returns>The life of the node that answers.</returns>
    [Alias("Probe"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<NodeIncarnation> ProbeAsync();

    /// <summary>Returns the types of the arguments that one of the silo's handlers takes from its caller; null where it has no such handler.</summary>
    /// <param name="handler">The handler as <c>name@version</c>.</param>
    [Alias("GetParameterTypes"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    Task<IReadOnlyList<string>?> GetParameterTypesAsync(string handler);

    /// <summary>Calls a node that another one suspects: what is broken may be the way between those two.</summary>
    /// <returns>Whether that node's pipeline has answered.</returns>
    [Alias("Reaches"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<bool> ReachesAsync(NodeInfo node);

    /// <summary>Looks at a node that refuses the connections of another one: a firewall may do that between those two.</summary>
    /// <returns>Whether it refuses this node's connections, too, or its process is gone from this machine.</returns>
    [Alias("SeesNone"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task<bool> SeesNoneAsync(NodeInfo node);

    /// <summary>Says that there is an order for the node. Losing it costs a moment: the node looks by itself now and then.</summary>
    [Alias("LookForOrders"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task LookForOrdersAsync();

    /// <summary>Says whether this node has lost the store. If so, it declares no other node dead for at least one lease from now, unless its process is gone.</summary>
    [Alias("IsCutOff"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task<bool> IsCutOffAsync();
}

namespace FaultTolerance.Cli.Orders;

/// <summary>An order as the command line gives it.</summary>
/// <param name="Kind">What the node is to do.</param>
/// <param name="Node">The node's name, or one of its lives in hexadecimal.</param>
/// <param name="Reason">Why.</param>
/// <param name="Within">From when to when attempts may finish, for a drain.</param>
/// <param name="IsPreemption">Whether the machine is taken away then.</param>
/// <param name="Waits">Whether the command waits until the node has carried it out.</param>
internal sealed record OrderRequest(NodeOrderKind Kind, string Node, string? Reason, TimeSpan? Within = null, bool IsPreemption = false, bool Waits = true);

namespace FaultTolerance;

/// <summary>The address of one life of a node; the grain's key is the <see cref="NodeIncarnation"/>'s value.</summary>
/// <remarks>
/// It may be active on any silo, and outlives the node that it speaks of. An order is durable when the call returns. The node
/// carries it out at once if it can be reached, else when it next looks for orders, some seconds later. A repeat changes nothing: what is
/// returned is the first order, with the time and the reason that were given then.
/// Every order is refused with a <see cref="FaultToleranceException"/> when there is no such life, or it has ended.
/// </remarks>
[Alias("ft.INodeGrain")]
public interface INodeGrain : IGrainWithIntegerKey
{
    /// <summary>Returns the node's life as its row shows it now; null when there never was such a life or its retention has ended.</summary>
    [Alias("GetSnapshot"), ResponseTimeout("00:00:05")]
    Task<NodeSnapshot?> GetSnapshotAsync();

    /// <summary>Keeps the node, in this life and in those to come, from taking work until it is released. What runs goes on.</summary>
    /// <param name="reason">Why. Kept with the order and shown; at most 500 characters.</param>
    /// <returns>The order that stands.</returns>
    [Alias("Quarantine"), ResponseTimeout("00:00:05")]
    Task<NodeOrder> QuarantineAsync(string? reason);

    /// <summary>Ends a quarantine. The node is let back slowly: with one slot first, then twice as many after each <c>FaultTolerance:Quarantine:ReturnStep</c>.</summary>
    /// <param name="reason">Why. Kept with the order and shown; at most 500 characters.</param>
    /// <returns>The order that stands.</returns>
    /// <exception cref="FaultToleranceException">The node has been told to leave, which cannot be taken back.</exception>
    [Alias("Release"), ResponseTimeout("00:00:05")]
    Task<NodeOrder> ReleaseAsync(string? reason);

    /// <summary>Has the node take no new work, finish or hand over what runs, and leave. Its host then stops.</summary>
    /// <remarks>Said again with an earlier deadline it is to be done by then; a later one changes nothing.</remarks>
    /// <returns>The order that stands.</returns>
    [Alias("Drain"), ResponseTimeout("00:00:05")]
    Task<NodeOrder> DrainAsync(NodeDrain drain);

    /// <summary>Has the node hand over what runs at once and leave. One that does not answer is declared dead at its lease's end, as ever.</summary>
    /// <param name="reason">Why. Kept with the order and shown; at most 500 characters.</param>
    /// <returns>The order that stands.</returns>
    [Alias("Evict"), ResponseTimeout("00:00:05")]
    Task<NodeOrder> EvictAsync(string? reason);
}

namespace FaultTolerance;

/// <summary>The address of one life of a node; the grain's key is the <see cref="NodeIncarnation"/>'s value.</summary>
/// <remarks>It may be active on any silo, and outlives the node that it speaks of.</remarks>
[Alias("ft.INodeGrain")]
public interface INodeGrain : IGrainWithIntegerKey
{
    /// <summary>Returns the node's life as its row shows it now; null when there never was such a life or its retention has ended.</summary>
    [Alias("GetSnapshot"), ResponseTimeout("00:00:05")]
    Task<NodeSnapshot?> GetSnapshotAsync();
}

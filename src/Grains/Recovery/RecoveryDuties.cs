namespace FaultTolerance.Grains.Recovery;

/// <summary>Divides the work among the shards. The same for all silos, from the numbers alone.</summary>
internal static class RecoveryDuties
{
    /// <summary>Returns the shard that recovers a dead node.</summary>
    public static int ShardOf(NodeIncarnation node, int shards)
    {
        // Lives that began in one restart of the cluster differ in few bits: mix them (Fibonacci hashing).
        var mixed = unchecked((ulong)node.Value * 11_400_714_819_323_198_485UL);
        return (int)((mixed >> 32) % (uint)shards);
    }

    /// <summary>Returns the shard that does one of the sweeps.</summary>
    public static int ShardOf(RecoverySweep sweep, int shards) => (int)sweep % shards;
}

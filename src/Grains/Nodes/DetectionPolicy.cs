namespace FaultTolerance.Grains.Nodes;

/// <summary>How silence becomes suspicion.</summary>
public enum DetectionPolicy
{
    /// <summary>By how unusual the silence is, given the node's own heartbeats so far (phi accrual).</summary>
    Adaptive = 0,

    /// <summary>By one threshold for every node: heard each 5 seconds, suspected after 30, dead when its lease of 50 has ended, unless its process is proved gone before.</summary>
    Fixed = 1,
}

namespace FaultTolerance.Grains.Nodes;

/// <summary>How silence becomes suspicion.</summary>
public enum DetectionPolicy
{
    /// <summary>By how unusual the silence is, given the node's own heartbeats so far (phi accrual).</summary>
    Adaptive = 0,

    /// <summary>By one threshold for every node.</summary>
    Fixed = 1,
}

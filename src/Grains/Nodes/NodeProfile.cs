namespace FaultTolerance.Grains.Nodes;

/// <summary>How fast a cluster is to find its dead, and so how long a pause it survives: one choice that sets Orleans' options and ours together.</summary>
/// <remarks>The table with all values and measured times is in <c>docs/detection.md</c>. Choose the same for every node of a cluster.</remarks>
public enum NodeProfile
{
    /// <summary>For machines and networks that are not always prompt: a killed node is found in about a second, a frozen one in six, pauses of four seconds are survived.</summary>
    Balanced = 0,

    /// <summary>For nodes that are never paused for longer than a second, on a store that answers promptly: a frozen node is found in two seconds.</summary>
    Fast = 1,

    /// <summary>For virtual machines that are moved or paused, and networks that break for a while: a frozen node is found in thirteen seconds, pauses of ten are survived.</summary>
    Cloud = 2,
}

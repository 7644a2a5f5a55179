using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Detectors;

/// <summary>What watching over so many nodes costs. Times are the processor's, in microseconds.</summary>
/// <param name="Nodes">How many nodes are watched.</param>
/// <param name="Heartbeat">For each heartbeat that is taken.</param>
/// <param name="Check">For each node at each look for silence.</param>
/// <param name="Comparison">For each node at each comparison of what the nodes' attempts came to.</param>
/// <param name="Directory">For each node at each reading of the rows from which the nodes are known, all of them changed.</param>
/// <param name="Witnesses">For each suspected node, the choice of who is to call it, while half of all are suspected.</param>
/// <param name="DetectorBytes">Memory for each node on the detector's silo.</param>
/// <param name="DirectoryBytes">Memory for each node on every silo.</param>
internal sealed record DetectorCost(
    int Nodes, double Heartbeat, double Check, double Comparison, double Directory, double Witnesses, double DetectorBytes, double DirectoryBytes)
{
    private const double MicrosecondsForEachSecond = 1_000_000;

    /// <summary>Returns which share of one core the detector's silo spends on it while nobody is suspected.</summary>
    public double ShareOfCore(NodeDetectionOptions options)
    {
        var looks = 2 * (Check + Comparison); // twice a heartbeat
        return Nodes * (((Heartbeat + looks) / options.HeartbeatInterval.TotalSeconds) + (Directory / options.PacemakerInterval.TotalSeconds)) / MicrosecondsForEachSecond;
    }
}

using System.Globalization;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Reads from a heartbeat what is slow on its node, as a pure function.</summary>
internal static class Troubles
{
    /// <summary>From which share of the lease a delay is a trouble: four such delays in a row cost the lease.</summary>
    private const int SharesOfLease = 4;

    /// <summary>From which load the machine's memory is nearly used up.</summary>
    private const double HighMemory = 0.95;

    /// <summary>Returns each trouble in a sentence; empty for a node in good health.</summary>
    public static IReadOnlyList<string> In(NodeHeartbeat heartbeat, NodeDetectionOptions options)
    {
        var troubles = Delays(heartbeat, options).ToList();
        if (heartbeat.MemoryLoad >= HighMemory)
        {
            troubles.Add(string.Create(CultureInfo.InvariantCulture, $"Its memory is {heartbeat.MemoryLoad:P0} full."));
        }

        if (heartbeat.Hung > 0)
        {
            troubles.Add($"Handlers that were told to stop and do not hold {heartbeat.Hung} of its {heartbeat.Node.Slots} slots.");
        }

        return troubles;
    }

    /// <summary>Returns those that keep a node from listening to others.</summary>
    public static IReadOnlyList<string> Delays(NodeHeartbeat heartbeat, NodeDetectionOptions options)
    {
        var limit = options.LeaseLength / SharesOfLease;
        var troubles = new List<string>();
        Add(troubles, heartbeat.PoolDelay, limit, "Its thread pool kept work waiting for");
        Add(troubles, heartbeat.ExecutorDelay, limit, "Its executor has taken no turn for");
        Add(troubles, heartbeat.StoreLatency, limit, "Its store took for a renewal");
        Add(troubles, heartbeat.GcPause, limit, "It stood still for garbage collection for");
        return troubles;
    }

    private static void Add(List<string> troubles, TimeSpan delay, TimeSpan limit, string what)
    {
        if (delay >= limit)
        {
            troubles.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {delay.TotalSeconds:F1} s."));
        }
    }
}

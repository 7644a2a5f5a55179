using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Chaos;

/// <summary>What each profile promises, as <c>docs/detection.md</c> has it.</summary>
internal static class ChaosProfiles
{
    /// <summary>Returns the longest pause that is survived.</summary>
    public static TimeSpan Tolerance(NodeProfile profile) => profile switch
    {
        NodeProfile.Fast => TimeSpan.FromSeconds(1),
        NodeProfile.Cloud => TimeSpan.FromSeconds(10),
        _ => TimeSpan.FromSeconds(4),
    };

    /// <summary>Makes a plan for a cluster with this profile.</summary>
    public static IReadOnlyList<ChaosFault> Plan(int faults, int silos, IReadOnlyCollection<ChaosKind> kinds, NodeProfile profile, int seed) => ChaosPlan.Create(new ChaosPlanOptions
    {
        Seed = seed,
        Faults = faults,
        Silos = silos,
        Kinds = kinds,
        Tolerance = Tolerance(profile),
        Lease = Lease(profile),
    });

    /// <summary>Returns how long a lease is.</summary>
    public static TimeSpan Lease(NodeProfile profile)
    {
        var options = new NodeDetectionOptions();
        NodeProfiles.Apply(profile, DetectionPolicy.Adaptive, options);
        return options.LeaseLength;
    }
}

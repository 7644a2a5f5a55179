using System.Diagnostics;
using FaultTolerance.Storage.Engines;
using Orleans.Configuration;

namespace FaultTolerance.Grains.Nodes;

/// <summary>What each <see cref="NodeProfile"/>, and the fixed policy, means in figures.</summary>
/// <remarks>
/// <para>Our lease is to end before Orleans gives up on a node that is silent: the death that the store has recorded is the one that
/// counts, and Orleans is told of it. Orleans' own patience with an open connection is three times its longest probe
/// timeout, which is chosen longer than the lease for that reason, and grows with a lease that is set longer than the profile's; a killed process it
/// finds by its broken connections, far sooner.</para>
/// <para>A lease has room for the longest pause that the profile is to survive, one heartbeat before it, and a second to renew after it.</para>
/// <para>A node that falls silent is suspected, called, and called by witnesses before its lease ends: none of the limits on these calls is longer than that leaves room for.</para>
/// <para>Under the fixed policy it has room for what the policy promises to come before a death: a heartbeat, the threshold, the wait for the next check,
/// the call, and the calls of witnesses: 5 + 30 + 5 + 5 + 5 seconds.</para>
/// </remarks>
internal static class NodeProfiles
{
    /// <summary>For how long Orleans counts a silo whose row in its membership table is not renewed among those whose votes are needed.</summary>
    /// <remarks>
    /// After an outage of the store every row is as old as the outage. Were it shorter, a silo that is cut off from the others just then, but not
    /// from the store, would need nobody's vote but its own, and would evict them all.
    /// </remarks>
    public static readonly TimeSpan LongestSilentRow = TimeSpan.FromSeconds(90);

    /// <summary>Sets what a profile says of leases and heartbeats, or the fixed policy in its place.</summary>
    public static void Apply(NodeProfile profile, DetectionPolicy policy, NodeDetectionOptions options)
    {
        if (policy == DetectionPolicy.Fixed)
        {
            Set(options, lease: 50, heartbeat: 5, pause: 5, deviation: 0.5, verification: 5);
            (options.FixedThreshold, options.FixedCheckInterval) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5));
            return;
        }

        switch (profile)
        {
            case NodeProfile.Fast:
                Set(options, lease: 1.75, heartbeat: 0.25, pause: 0.25, deviation: 0.05, verification: 0.3);
                break;
            case NodeProfile.Cloud:
                Set(options, lease: 13, heartbeat: 2, pause: 3, deviation: 0.2, verification: 2.5);
                break;
            default:
                Set(options, lease: 6, heartbeat: 1, pause: 1, deviation: 0.1, verification: 1);
                break;
        }
    }

    /// <summary>Sets what a profile says of Orleans' membership, or the fixed policy in its place.</summary>
    /// <param name="nodes">How nodes prove that they are alive, with all that is set beside the profile.</param>
    /// <param name="options">Orleans' options.</param>
    public static void Apply(NodeDetectionOptions nodes, ClusterMembershipOptions options)
    {
        switch (nodes.Profile)
        {
            case var _ when nodes.Policy == DetectionPolicy.Fixed:
                Set(options, probe: 5, least: 5, longest: 18, refresh: 10);
                break;
            case NodeProfile.Fast:
                Set(options, probe: 0.5, least: 0.25, longest: 1, refresh: 2);
                break;
            case NodeProfile.Cloud:
                Set(options, probe: 2, least: 1, longest: 5, refresh: 10);
                break;
            default:
                Set(options, probe: 1, least: 0.5, longest: 2.5, refresh: 5);
                break;
        }

        var longer = nodes.LeaseLength - LeaseOf(nodes.Profile, nodes.Policy);
        if (longer > TimeSpan.Zero)
        {
            options.MaxProbeTimeout += longer / options.NumMissedProbesLimit;
        }

        if (Debugger.IsAttached)
        {
            // A breakpoint stops the whole process for as long as somebody thinks.
            options.ProbeTimeout = options.MaxProbeTimeout = TimeSpan.FromMinutes(5);
        }
    }

    /// <summary>Returns for how long one process may hold up the writes of the others.</summary>
    /// <remarks>
    /// A lease was renewed half a heartbeat before at the latest, and the next renewal begins to wait as much later. After the wait there is a whole
    /// heartbeat left to end the holder and to commit. Less would end processes that stood still for no longer than the profile survives.
    /// </remarks>
    public static HoldUpLimit HoldUpLimit(NodeDetectionOptions options) => new(options.LeaseLength - (2 * options.HeartbeatInterval));

    private static TimeSpan LeaseOf(NodeProfile profile, DetectionPolicy policy)
    {
        var options = new NodeDetectionOptions();
        Apply(profile, policy, options);
        return options.LeaseLength;
    }

    private static void Set(NodeDetectionOptions options, double lease, double heartbeat, double pause, double deviation, double verification)
    {
        options.LeaseLength = TimeSpan.FromSeconds(lease);
        options.HeartbeatInterval = options.PacemakerInterval = TimeSpan.FromSeconds(heartbeat);
        options.AcceptablePause = TimeSpan.FromSeconds(pause);
        options.MinDeviation = TimeSpan.FromSeconds(deviation);
        options.VerificationTimeout = TimeSpan.FromSeconds(verification);
    }

    private static void Set(ClusterMembershipOptions options, double probe, double least, double longest, double refresh)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(probe);
        options.MinProbeTimeout = TimeSpan.FromSeconds(least);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(longest);
        options.TableRefreshTimeout = options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(refresh);
        options.NumMissedTableIAmAliveLimit = (int)(LongestSilentRow.TotalSeconds / refresh);
    }
}

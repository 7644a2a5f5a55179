using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Makes Orleans drop the silos of dead nodes, so that their grains answer elsewhere at once.</summary>
/// <remarks>
/// <see cref="IClusterMembershipService.TryKill"/> only queues the request, says true in any case, does not try again when it
/// loses a race, and holds up later requests for ever by a silo that is not in the table. So it is asked only for what the
/// present snapshot shows, and again until the snapshot shows it dead.
/// </remarks>
internal sealed partial class SiloEviction(IClusterMembershipService membership, TimeProvider timeProvider, ILogger<SiloEviction> logger)
{
    private static readonly TimeSpan RepeatDelay = TimeSpan.FromSeconds(2);

    private readonly Dictionary<SiloAddress, long> _asked = [];

    /// <summary>Asks Orleans to drop those of the dead that it still takes for living. Called by one loop only.</summary>
    public async Task EvictAsync(IEnumerable<KnownNode> dead)
    {
        var members = membership.CurrentSnapshot.Members;
        foreach (var silo in _asked.Keys.Where(silo => !IsThere(members.GetValueOrDefault(silo))).ToList())
        {
            _asked.Remove(silo);
        }

        foreach (var node in dead)
        {
            var silo = node.Info.Address;
            if (!IsThere(members.GetValueOrDefault(silo)) || (_asked.TryGetValue(silo, out var asked) && timeProvider.GetElapsedTime(asked) < RepeatDelay))
            {
                continue;
            }

            _asked[silo] = timeProvider.GetTimestamp();
            await membership.TryKill(silo);
            LogEvicted(node.Row.Name, node.Incarnation, silo);
        }
    }

    private static bool IsThere(ClusterMember? member) => member is not null && member.Status is not (SiloStatus.None or SiloStatus.Dead);

    [LoggerMessage(EventIds.SiloEvicted, LogLevel.Information, "Node {Node}, life {Incarnation}, is dead: asked Orleans to drop its silo {Silo}.")]
    private partial void LogEvicted(string node, NodeIncarnation incarnation, SiloAddress silo);
}

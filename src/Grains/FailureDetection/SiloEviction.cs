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

    /// <summary>How long the question may take to be queued. Asked in vain, it is asked again.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SiloAddress, long> _asked = [];

    /// <summary>Asks Orleans to drop those of the dead that it still takes for living. Called by one loop only.</summary>
    public async Task EvictAsync(IEnumerable<KnownNode> dead)
    {
        var members = membership.CurrentSnapshot.Members;
        foreach (var silo in _asked.Keys.Where(silo => !IsThere(members.GetValueOrDefault(silo))).ToList())
        {
            _asked.Remove(silo);
        }

        var due = new List<KnownNode>();
        foreach (var node in dead)
        {
            var silo = node.Info.Address;
            if (!IsThere(members.GetValueOrDefault(silo)) || (_asked.TryGetValue(silo, out var asked) && timeProvider.GetElapsedTime(asked) < RepeatDelay))
            {
                continue;
            }

            _asked[silo] = timeProvider.GetTimestamp();
            due.Add(node);
        }

        await Task.WhenAll(due.Select(EvictAsync));
    }

    private async Task EvictAsync(KnownNode node)
    {
        try
        {
            await membership.TryKill(node.Info.Address).WaitAsync(Limit, timeProvider);
            LogEvicted(node.Row.Name, node.Incarnation, node.Info.Address);
        }
        catch (Exception exception)
        {
            LogNotEvicted(exception, node.Row.Name, node.Incarnation, node.Info.Address);
        }
    }

    private static bool IsThere(ClusterMember? member) => member is not null && member.Status is not (SiloStatus.None or SiloStatus.Dead);

    [LoggerMessage(EventIds.SiloNotEvicted, LogLevel.Warning, "Node {Node}, life {Incarnation}, is dead: Orleans could not be asked to drop its silo {Silo}; it is asked again.")]
    private partial void LogNotEvicted(Exception exception, string node, NodeIncarnation incarnation, SiloAddress silo);

    [LoggerMessage(EventIds.SiloEvicted, LogLevel.Information, "Node {Node}, life {Incarnation}, is dead: asked Orleans to drop its silo {Silo}.")]
    private partial void LogEvicted(string node, NodeIncarnation incarnation, SiloAddress silo);
}

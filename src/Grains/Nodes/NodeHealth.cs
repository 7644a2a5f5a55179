using System.Diagnostics.CodeAnalysis;
using FaultTolerance.Grains.FailureDetection;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Whether this node is itself in good health, by what its newest heartbeat says: one that is sick is no judge of others.</summary>
/// <remarks>Orleans asks, too: a silo that is sick by its own word is slower to accuse others.</remarks>
internal sealed class NodeHealth(IOptions<NodeDetectionOptions> options, MonotonicClock clock) : IHealthCheckParticipant
{
    private volatile IReadOnlyList<string> _troubles = [];
    private TimeSpan _measured = clock.Now;

    /// <summary>Gets a value indicating whether something is slow here, or nothing was measured for longer than it may take: then the process stood still.</summary>
    public bool IsSick => _troubles.Count > 0 || clock.Now - _measured > options.Value.LeaseLength / 2;

    /// <summary>Takes note of what this node is about to say of itself.</summary>
    public void Note(NodeHeartbeat heartbeat) => (_troubles, _measured) = (Troubles.Delays(heartbeat, options.Value), clock.Now);

    public bool CheckHealth(DateTime lastCheckTime, [NotNullWhen(false)] out string? reason)
    {
        reason = _troubles.Count > 0 ? string.Join(' ', _troubles) : IsSick ? "It has not measured itself for longer than half a lease." : null;
        return reason is null;
    }
}

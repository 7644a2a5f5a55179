using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Nodes;

/// <inheritdoc/>
/// <remarks>It asks the nodes that the store last showed, and silos that only Orleans has heard of since: they joined a moment before the outage.</remarks>
internal sealed partial class PeerPoll(
    NodeDirectory nodes,
    LocalNode self,
    NodeLinks links,
    IProcessProver prover,
    IClusterMembershipService membership,
    TimeProvider timeProvider,
    ILogger<PeerPoll> logger) : IPeerPoll
{
    public async Task<IReadOnlyList<PeerWord>> AskAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var known = nodes.All.ToList();
        var peers = known
            .Where(node => node.IsLiving && node.Incarnation != self.Incarnation)
            .Select(node => AskAsync(node.Row.Name, node.Info.Address, node.Info, limit, cancellationToken));
        var addresses = known.Select(node => node.Info.Address).Append(self.Info.Address).ToHashSet();
        var newcomers = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status is SiloStatus.Joining or SiloStatus.Active && !addresses.Contains(member.SiloAddress))
            .Select(member => AskAsync(member.Name, member.SiloAddress, null, limit, cancellationToken));
        return await Task.WhenAll(peers.Concat(newcomers));
    }

    private async Task<PeerWord> AskAsync(string name, SiloAddress silo, NodeInfo? info, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var isCutOff = await links.To(silo).IsCutOffAsync().WaitAsync(limit, timeProvider, cancellationToken);
            return new PeerWord(name, isCutOff ? PeerStanding.LostStore : PeerStanding.ReachesStore);
        }
        catch (Exception exception)
        {
            LogNoAnswer(exception, name);
        }

        return new PeerWord(name, info is not null && await IsGoneAsync(info, limit, cancellationToken) ? PeerStanding.Gone : PeerStanding.Silent);
    }

    /// <summary>Looks for proof for no longer than for an answer: witnesses may be dead, too, and the lease is about to end.</summary>
    private async Task<bool> IsGoneAsync(NodeInfo info, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return (await prover.ProveAsync(info, mayConnect: true, cancellationToken).WaitAsync(limit, timeProvider, cancellationToken)).IsGone;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    [LoggerMessage(EventIds.PeerNotAsked, LogLevel.Debug, "Node {Node} did not say whether it reaches the store.")]
    private partial void LogNoAnswer(Exception exception, string node);
}

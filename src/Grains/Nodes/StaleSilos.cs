using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Before Orleans joins: marks silos as dead whose processes are proved gone, so that a cluster of which all were killed starts at once.</summary>
/// <remarks>
/// A joining silo pings every row that says active, and waits for those of the killed until they are stale: minutes. A row of a
/// silo that may live is never touched, and each change is conditional on the row and on the version of the table. There is nobody yet
/// who could witness that a host refuses connections; where one does, the lease of its node is waited for, once.
/// </remarks>
internal sealed partial class StaleSilos(
    IMembershipTable table,
    IDurableStore store,
    NodeDirectory nodes,
    IProcessProver prover,
    ILocalSiloDetails self,
    TimeProvider timeProvider,
    ILogger<StaleSilos> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>How often the table is read again because another silo changed it first.</summary>
    private const int MaxRaces = 20;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(StaleSilos), NodeStages.RemoveStaleSilos, RemoveAsync);

    internal async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await table.InitializeMembershipTableAsync(true, cancellationToken); // Orleans does it again a moment later; a repeat changes nothing
        var refused = await RemoveGoneAsync(cancellationToken);
        if (refused is { } leaseEnds)
        {
            var wait = leaseEnds - store.SurelyPast();
            LogWaiting(wait);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, timeProvider, cancellationToken);
            await RemoveGoneAsync(cancellationToken);
        }
    }

    /// <summary>Removes those that are proved gone now.</summary>
    /// <returns>When the last lease ends of those whose hosts refuse connections; null when there is none.</returns>
    private async Task<DateTimeOffset?> RemoveGoneAsync(CancellationToken cancellationToken)
    {
        var known = nodes.Read(await store.ListNodesAsync(NodeQueries.MaxNodes, cancellationToken));
        for (var race = 0; race < MaxRaces; race++)
        {
            var (stale, refusedUntil) = await FindAsync(await table.ReadAllAsync(cancellationToken), known, cancellationToken);
            if (stale is not { } found)
            {
                return refusedUntil;
            }

            if (await table.UpdateRowAsync(found.Entry, found.Etag, found.Version.Next(), cancellationToken))
            {
                race = 0;
                LogRemoved(found.Entry.SiloName, found.Entry.SiloAddress, found.Evidence);
            }
        }

        LogNotRemoved(MaxRaces);
        return null;
    }

    /// <summary>Returns the first silo that is proved gone, as its row is to be; where there is none, until when the leases run of those that refuse.</summary>
    private async Task<(StaleSilo? Stale, DateTimeOffset? RefusedUntil)> FindAsync(
        MembershipTableData data, IReadOnlyList<KnownNode> known, CancellationToken cancellationToken)
    {
        DateTimeOffset? refusedUntil = null;
        foreach (var (entry, etag) in data.Members)
        {
            if (entry.Status is SiloStatus.Dead or SiloStatus.None || entry.SiloAddress.Equals(self.SiloAddress))
            {
                continue;
            }

            var node = known.FirstOrDefault(node => node.Info.Address.Equals(entry.SiloAddress));
            var proof = await ProveAsync(entry.SiloAddress, node, cancellationToken);
            if (proof.IsGone)
            {
                entry.Status = SiloStatus.Dead;
                return (new StaleSilo(entry, etag, data.Version, proof.Evidence), null);
            }

            if (proof.Fate == ProcessFate.Refused && !(refusedUntil > node!.Row.LeaseEnds))
            {
                refusedUntil = node.Row.LeaseEnds;
            }
        }

        return (null, refusedUntil);
    }

    private async Task<ProcessProof> ProveAsync(SiloAddress silo, KnownNode? node, CancellationToken cancellationToken)
    {
        if (self.SiloAddress.IsSuccessorOf(silo))
        {
            return new ProcessProof(ProcessFate.Gone, "This silo has taken its port.");
        }

        if (node is null)
        {
            return ProcessProof.None;
        }

        var proof = await prover.ProveAsync(node.Info, mayConnect: true, cancellationToken);
        var isOver = node.Row.Ended is not null || node.Row.LeaseEnds <= store.SurelyPast();
        return proof.Fate == ProcessFate.Refused && isOver ? new ProcessProof(ProcessFate.Gone, $"{proof.Evidence} Its lease is over.") : proof;
    }

    private readonly record struct StaleSilo(MembershipEntry Entry, string Etag, TableVersion Version, string Evidence);

    [LoggerMessage(EventIds.StaleSiloRemoved, LogLevel.Information, "Silo {Silo} at {Address} is dead, and its row says so now: {Evidence}")]
    private partial void LogRemoved(string silo, SiloAddress address, string evidence);

    [LoggerMessage(EventIds.StaleSilosWaited, LogLevel.Information, "Silos of before refuse connections; waiting {Wait} for the end of their leases, to be sure that they are gone.")]
    private partial void LogWaiting(TimeSpan wait);

    [LoggerMessage(EventIds.StaleSilosLeft, LogLevel.Warning, "Others kept changing the membership table; gave up on removing stale silos after {Races} races. Orleans removes them in its own time.")]
    private partial void LogNotRemoved(int races);
}

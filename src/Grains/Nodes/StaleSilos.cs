using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Before Orleans joins: marks silos as dead whose processes are proved gone or whose leases are over, so that a cluster of which all were killed starts soon.</summary>
/// <remarks>
/// A joining silo pings every row that says active, and waits for those of the killed until they are stale: minutes. A row of a
/// silo that may live is never touched, and each change is conditional on the row and on the version of the table. There is nobody yet
/// who could witness that a host refuses connections, and of hosts that are gone for good nothing answers: then the lease of the node is
/// waited for, and one lease from now, by the rule that holds for every node that watches over others (<see cref="CondemnationGuard"/>).
/// </remarks>
internal sealed partial class StaleSilos : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>How often the table is read again because another silo changed it first.</summary>
    private const int MaxRaces = 20;

    /// <summary>For how many leases nodes are waited for at the most: one is needed, and the store may be away, or its clock be set, in between.</summary>
    private const int MaxLeases = 3;

    private readonly IMembershipTable _table;
    private readonly IDurableStore _store;
    private readonly NodeDirectory _nodes;
    private readonly IProcessProver _prover;
    private readonly NodeDeaths _deaths;
    private readonly ILocalSiloDetails _self;
    private readonly MonotonicClock _clock;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly TimeSpan _lease;
    private readonly TimeSpan _interval;
    private readonly StoreProbe _probe;
    private readonly CondemnationGuard _guard;

    public StaleSilos(
        IMembershipTable table,
        IDurableStore store,
        NodeDirectory nodes,
        IProcessProver prover,
        NodeDeaths deaths,
        ILocalSiloDetails self,
        MonotonicClock clock,
        IOptions<NodeDetectionOptions> options,
        TimeProvider timeProvider,
        ILogger<StaleSilos> logger)
    {
        (_table, _store, _nodes, _prover, _deaths, _self) = (table, store, nodes, prover, deaths, self);
        (_clock, _timeProvider, _logger, _lease) = (clock, timeProvider, logger, options.Value.LeaseLength);
        _interval = TimeSpan.FromTicks(Math.Min(options.Value.PacemakerInterval.Ticks, _lease.Ticks / 4)); // two looks within what the guard calls steady
        _probe = new StoreProbe(store);
        _guard = new CondemnationGuard(_lease); // not the node's own: that one hears of renewals, and this node has no lease yet
    }

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(StaleSilos), NodeStages.RemoveStaleSilos, RemoveAsync);

    internal async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _table.InitializeMembershipTableAsync(true, cancellationToken); // Orleans does it again a moment later; a repeat changes nothing
        var waiting = await RemoveAsync(await FindAsync(cancellationToken), cancellationToken);
        if (waiting.Count == 0)
        {
            return;
        }

        var longest = MaxLeases * _lease > NodeProfiles.LongestSilentRow ? MaxLeases * _lease : NodeProfiles.LongestSilentRow;
        LogWaiting(waiting.Count, _lease, longest);
        for (var until = _clock.Now + longest; waiting.Count > 0 && _clock.Now < until;)
        {
            var pause = Task.Delay(_interval, _timeProvider, cancellationToken);
            waiting = await TryLookAgainAsync(waiting, cancellationToken); // meanwhile: a silent host takes its time
            await (waiting.Count > 0 ? pause : Task.CompletedTask);
        }

        if (waiting.Count > 0)
        {
            LogNotProved(waiting.Count, longest);
        }
    }

    /// <summary>Looks again at those that are waited for; at all of them once more, if the store is away just now.</summary>
    private async Task<IReadOnlyList<StaleSilo>> TryLookAgainAsync(IReadOnlyList<StaleSilo> waiting, CancellationToken cancellationToken)
    {
        try
        {
            await _probe.WriteAsync(cancellationToken);
            _guard.Renewed(_clock.Now); // whoever is well could renew its lease, too
            return await RemoveAsync(await LookAgainAsync(waiting, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not StoreException { Fault: StoreFault.Unusable })
        {
            LogLookFailed(exception);
            return waiting;
        }
    }

    /// <summary>Returns the silos that Orleans' table shows as working, with what is known of them.</summary>
    private async Task<IReadOnlyList<StaleSilo>> FindAsync(CancellationToken cancellationToken)
    {
        var known = await ReadNodesAsync(cancellationToken);
        var members = (await _table.ReadAllAsync(cancellationToken)).Members.Select(member => member.Item1).Where(IsUp);
        return await Task.WhenAll(members.Select(member =>
            ProveAsync(member.SiloAddress, known.FirstOrDefault(node => node.Info.Address.Equals(member.SiloAddress)), cancellationToken)));
    }

    private async Task<StaleSilo> ProveAsync(SiloAddress silo, KnownNode? node, CancellationToken cancellationToken)
    {
        if (_self.SiloAddress.IsSuccessorOf(silo))
        {
            return new StaleSilo(silo, node, new ProcessProof(ProcessFate.Gone, "This silo has taken its port."));
        }

        return new StaleSilo(silo, node, node is null ? ProcessProof.None : await _prover.ProveAsync(node.Info, mayConnect: true, cancellationToken));
    }

    /// <summary>Returns those that have not renewed their lease since they were first looked at: whoever has is left alone.</summary>
    private async Task<IReadOnlyList<StaleSilo>> LookAgainAsync(IReadOnlyList<StaleSilo> waiting, CancellationToken cancellationToken)
    {
        var known = (await ReadNodesAsync(cancellationToken)).ToDictionary(node => node.Incarnation);
        var silent = waiting
            .Select(silo => (silo.Address, Before: silo.Node!, Now: known.GetValueOrDefault(silo.Node!.Incarnation)))
            .Where(silo => silo.Now?.Row.Sequence == silo.Before.Row.Sequence);
        return await Task.WhenAll(silent.Select(silo => ProveAsync(silo.Address, silo.Now, cancellationToken)));
    }

    /// <summary>Removes those that are surely dead now.</summary>
    /// <returns>Those of which that may turn out later.</returns>
    private async Task<IReadOnlyList<StaleSilo>> RemoveAsync(IReadOnlyList<StaleSilo> silos, CancellationToken cancellationToken)
    {
        var (stale, waiting) = (new Dictionary<SiloAddress, string>(), new List<StaleSilo>());
        var now = _store.SurelyPast();
        var mayCondemn = _guard.MayCondemn(_clock.Now, _store.ClockSteps);
        foreach (var silo in silos)
        {
            var verdict = StaleSiloPlan.Decide(silo.Node, silo.Proof, mayCondemn, _lease, now);
            if (verdict.IsDead || (verdict.Sentence is { } sentence && await _deaths.EndAsync(sentence, cancellationToken)))
            {
                stale.Add(silo.Address, verdict.Evidence);
            }
            else if (verdict.MayTurnOutDead)
            {
                waiting.Add(silo);
            }
        }

        await RemoveAsync(stale, cancellationToken);
        return waiting;
    }

    private async Task RemoveAsync(Dictionary<SiloAddress, string> stale, CancellationToken cancellationToken)
    {
        for (var race = 0; stale.Count > 0 && race < MaxRaces; race++)
        {
            var table = await _table.ReadAllAsync(cancellationToken);
            var (entry, etag) = table.Members.FirstOrDefault(member => IsUp(member.Item1) && stale.ContainsKey(member.Item1.SiloAddress)) ?? new(null!, "");
            if (entry is null)
            {
                return;
            }

            entry.Status = SiloStatus.Dead;
            if (await _table.UpdateRowAsync(entry, etag, table.Version.Next(), cancellationToken))
            {
                race = 0;
                LogRemoved(entry.SiloName, entry.SiloAddress, stale[entry.SiloAddress]);
            }
        }

        if (stale.Count > 0)
        {
            LogNotRemoved(MaxRaces);
        }
    }

    private async Task<IReadOnlyList<KnownNode>> ReadNodesAsync(CancellationToken cancellationToken) =>
        _nodes.Read(await _store.ListNodesAsync(NodeQueries.MaxNodes, cancellationToken));

    private bool IsUp(MembershipEntry entry) => entry.Status is not (SiloStatus.Dead or SiloStatus.None) && !entry.SiloAddress.Equals(_self.SiloAddress);

    private sealed record StaleSilo(SiloAddress Address, KnownNode? Node, ProcessProof Proof);

    [LoggerMessage(EventIds.StaleSiloRemoved, LogLevel.Information, "Silo {Silo} at {Address} is dead, and its row says so now: {Evidence}")]
    private partial void LogRemoved(string silo, SiloAddress address, string evidence);

    [LoggerMessage(EventIds.StaleSilosWaited, LogLevel.Information, "{Count} silos of before may be gone: they refuse connections, do not answer, or do not renew their leases. Waiting one lease, {Lease}, and at most {Longest}, to be sure.")]
    private partial void LogWaiting(int count, TimeSpan lease, TimeSpan longest);

    [LoggerMessage(EventIds.StaleSilosNotProved, LogLevel.Warning, "Of {Count} silos of before it is not known after {Longest} whether they are gone; Orleans removes them in its own time. Was the store's clock set back, or is the store away?")]
    private partial void LogNotProved(int count, TimeSpan longest);

    [LoggerMessage(EventIds.StaleSilosNotLookedAt, LogLevel.Warning, "The silos of before could not be looked at now; it is tried again.")]
    private partial void LogLookFailed(Exception exception);

    [LoggerMessage(EventIds.StaleSilosLeft, LogLevel.Warning, "Others kept changing the membership table; gave up on removing stale silos after {Races} races. Orleans removes them in its own time.")]
    private partial void LogNotRemoved(int races);
}

using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Carries out a plan: strikes, waits for what is to follow, heals, and waits until the cluster is whole again before it strikes again.</summary>
/// <param name="site">The cluster.</param>
/// <param name="witness">Is told what happens.</param>
/// <param name="tolerance">The longest pause that the cluster's profile survives: what has lasted longer, because this process was late, may have killed.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ChaosMonkey(IChaosSite site, IChaosWitness witness, TimeSpan tolerance, TimeProvider timeProvider)
{
    /// <summary>How long anything may take to follow: far beyond any detection, and any delay before a silo is started again.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>How long a cluster that runs already may take to be whole.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LifeWatch _watch = new(site.Store, timeProvider);
    private readonly WorkWatch _work = new(site.Store, timeProvider);
    private readonly ChaosActs _acts = new(site, timeProvider);
    private readonly ChaosDeaths _deaths = new();

    /// <summary>Waits until the cluster is whole, as it has to be before the first fault: what follows a fault is judged by that.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public async Task<string?> FindWrongAsync(CancellationToken cancellationToken) =>
        await _watch.UntilWholeAsync(site.Nodes, Patience, cancellationToken)
            ? null
            : ChaosVerdict.WhyNotWhole(site.Nodes, await _watch.ReadAsync(cancellationToken));

    /// <summary>Carries the plan out to its end, or until the cluster does not become whole any more.</summary>
    public async Task<IReadOnlyList<ChaosRecord>> RunAsync(IEnumerable<ChaosFault> plan, CancellationToken cancellationToken)
    {
        _deaths.Begin(await _watch.ReadAsync(cancellationToken));
        var records = new List<ChaosRecord>();
        foreach (var fault in plan)
        {
            var record = await InjectAsync(fault, cancellationToken);
            witness.OnEnded(record);
            records.Add(record);
            if (record.IsBroken)
            {
                break;
            }
        }

        return records;
    }

    /// <summary>Judges the deaths since the last fault. To be called at the end of the run.</summary>
    /// <returns>The nodes that were declared dead meanwhile although nothing explains it.</returns>
    public async Task<IReadOnlyList<string>> JudgeRestAsync(CancellationToken cancellationToken) => Judge(await _watch.ReadAsync(cancellationToken));

    private async Task<ChaosRecord> InjectAsync(ChaosFault fault, CancellationToken cancellationToken)
    {
        var nodes = fault.Kind == ChaosKind.KillDetector
            ? [await site.FindDetectorAsync(cancellationToken)]
            : fault.Victims.Select(victim => site.Nodes[victim]).ToList();
        if (fault.Fate == ChaosFate.MustDie)
        {
            var lives = await _watch.ReadAsync(cancellationToken);
            await _work.UntilBusyAsync([.. nodes.Select(node => LivingOf(lives, node))], cancellationToken);
        }

        var before = await _watch.ReadAsync(cancellationToken);
        var early = Judge(before); // whoever has died by now did not die of this fault
        var struck = nodes.ConvertAll(node => new ChaosStrike(node, LivingOf(before, node), site.Store.Now));
        witness.OnStruck(fault, nodes);
        var end = await _acts.RunAsync(fault, struck, () => FollowAsync(fault.Fate, struck, cancellationToken), cancellationToken);
        var healed = site.Store.Now;
        var isWhole = await _watch.UntilWholeAsync(site.Nodes, Limit, cancellationToken);
        var after = await _watch.ReadAsync(cancellationToken);
        var mayDie = fault.Fate is ChaosFate.MustDie or ChaosFate.MayDie || end.WasEnded || end.Lasted > tolerance ? nodes : [];
        _deaths.Explain(mayDie, healed);
        var late = Judge(after);
        if (isWhole)
        {
            _deaths.ExplainNone();
        }

        return new ChaosRecord
        {
            Fault = fault,
            Struck = struck.ConvertAll(strike => strike with { Detection = DetectionOf(strike, after) }),
            FalseDeaths = [.. early, .. late],
            WasEnded = end.WasEnded,
            Problem = ProblemOf(fault, end, isWhole),
            IsBroken = !isWhole,
        };
    }

    private IReadOnlyList<string> Judge(IReadOnlyList<NodeRow> lives)
    {
        var found = _deaths.Judge(lives);
        foreach (var node in found)
        {
            witness.OnFalseDeath(node);
        }

        return found;
    }

    private Task<bool> FollowAsync(ChaosFate fate, IReadOnlyList<ChaosStrike> struck, CancellationToken cancellationToken) => _watch.UntilAsync(
        now => struck.All(strike => ChaosVerdict.HasMet(fate, now.FirstOrDefault(life => life.Incarnation == strike.Incarnation))), Limit, cancellationToken);

    private static NodeIncarnation LivingOf(IReadOnlyList<NodeRow> lives, string node) =>
        lives.FirstOrDefault(life => life.Name == node && life.Ended is null)?.Incarnation ?? NodeIncarnation.None;

    private static TimeSpan? DetectionOf(ChaosStrike strike, IReadOnlyList<NodeRow> lives) =>
        lives.FirstOrDefault(life => life.Incarnation == strike.Incarnation) is { Phase: NodePhase.Dead } dead ? dead.Ended - strike.At : null;

    private static string? ProblemOf(ChaosFault fault, ChaosEnd end, bool isWhole) => (end.HasFollowed, isWhole) switch
    {
        (_, false) => $"The cluster was not whole again {Limit.TotalSeconds:0} s after it was healed.",
        (false, _) => fault.Fate == ChaosFate.MustLeave
            ? $"The node had not left in order after {Limit.TotalSeconds:0} s."
            : $"The death was not recorded, or the work not recovered, after {Limit.TotalSeconds:0} s.",
        _ => null,
    };
}

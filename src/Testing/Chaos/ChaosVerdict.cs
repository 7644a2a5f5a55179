using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Judges what nodes say of themselves after a fault. Pure.</summary>
internal static class ChaosVerdict
{
    /// <summary>Returns whether the life has come to where the fault was to lead it.</summary>
    public static bool HasMet(ChaosFate fate, NodeRow? life) => fate switch
    {
        ChaosFate.MustDie => life is { Phase: NodePhase.Dead, Recovered: not null },
        ChaosFate.MustLeave => life is { Phase: NodePhase.Left },
        _ => true,
    };

    /// <summary>Returns whether every node lives, once, with a lease that it has renewed since, and nobody's work is still to be recovered.</summary>
    /// <param name="nodes">The names of the nodes.</param>
    /// <param name="before">The lives when the fault was healed: to be alive on paper is not enough.</param>
    /// <param name="now">The lives now.</param>
    public static bool IsWhole(IReadOnlyCollection<string> nodes, IReadOnlyList<NodeRow> before, IReadOnlyList<NodeRow> now)
    {
        var leases = before.ToDictionary(life => life.Incarnation, life => life.LeaseEnds);
        var living = now.Where(life => life.Ended is null).ToList();
        return living.Count == nodes.Count
            && living.Select(life => life.Name).ToHashSet().SetEquals(nodes)
            && living.TrueForAll(life => life.Phase == NodePhase.Alive && life.LeaseEnds > leases.GetValueOrDefault(life.Incarnation))
            && now.All(life => life is not { Phase: NodePhase.Dead, Recovered: null });
    }

    /// <summary>Returns in words what keeps the cluster from being whole.</summary>
    public static string WhyNotWhole(IReadOnlyCollection<string> nodes, IReadOnlyList<NodeRow> now)
    {
        var living = now.Where(life => life.Ended is null).ToLookup(life => life.Name);
        var wrong = nodes.Where(node => living[node].All(life => life.Phase != NodePhase.Alive)).Select(node => living[node].FirstOrDefault() is { } life
                ? $"{node} is {life.Phase.ToString().ToLowerInvariant()}"
                : $"{node} does not run")
            .Concat(living.Select(life => life.Key).Except(nodes).Select(stranger => $"{stranger} is none of its silos"))
            .Concat(now.Where(life => life is { Phase: NodePhase.Dead, Recovered: null }).Select(life => $"the work of {life.Name} is not recovered yet"))
            .ToList();
        return wrong.Count == 0 ? "a lease is not renewed, or a node has two lives" : string.Join(", ", wrong);
    }

    /// <summary>Returns how many slots are held on living nodes. Those of a node that has not been heard since are taken for held.</summary>
    /// <param name="nodes">The nodes as the failure detector sees them.</param>
    /// <param name="done">When the last work was done.</param>
    /// <param name="hasOtherWork">Whether running attempts may be the work of others.</param>
    public static int HeldSlots(IEnumerable<NodeSnapshot> nodes, DateTimeOffset done, bool hasOtherWork) =>
        nodes.Where(node => node.EndedAt is null).Sum(node => node is { Heartbeat: { } heartbeat, HeardAt: { } heard } && heard > done
            ? heartbeat.Hung + (hasOtherWork ? 0 : heartbeat.Running)
            : node.Info.Slots);

    /// <summary>Returns the nodes that were declared dead although nothing explains it.</summary>
    /// <param name="known">The lives whose deaths were known or judged before.</param>
    /// <param name="now">The lives now.</param>
    /// <param name="mayDie">The nodes whose deaths the fault explains.</param>
    /// <param name="healed">When it was healed: it explains no death of a life that began later.</param>
    public static IReadOnlyList<string> FalseDeaths(
        IReadOnlySet<NodeIncarnation> known, IEnumerable<NodeRow> now, IReadOnlyCollection<string> mayDie, DateTimeOffset healed) =>
        [.. now.Where(life => life.Phase == NodePhase.Dead && !known.Contains(life.Incarnation))
            .Where(life => !mayDie.Contains(life.Name) || life.Joined > healed)
            .Select(life => life.Name)];
}

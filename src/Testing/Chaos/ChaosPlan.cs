using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Makes plans: which fault, on whom, for how long. Pure: the same options make the same plan.</summary>
/// <remarks>Kinds are drawn from a bag that holds each of them (a plain kill twice) and is filled again when it is empty: so each occurs in every plan that is long enough.</remarks>
internal static class ChaosPlan
{
    /// <summary>The part of what a profile survives that is used: the rest is for a machine that wakes late.</summary>
    public const double LongestPart = 0.75;

    /// <summary>How many of a hundred packets are lost where some are.</summary>
    public const int LossPercent = 30;

    private const double ShortestPart = 0.1;

    private static readonly TimeSpan LongestLoss = TimeSpan.FromSeconds(8);

    /// <summary>Makes a plan.</summary>
    /// <exception cref="ArgumentException">There is no kind to choose from, or no silo to strike.</exception>
    public static IReadOnlyList<ChaosFault> Create(ChaosPlanOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Silos);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Faults);
        if (options.Kinds.Count == 0)
        {
            throw new ArgumentException("A plan needs a kind of fault to choose from.", nameof(options));
        }

        var chance = new Random(options.Seed);
        var (plan, bag) = (new List<ChaosFault>(), new Stack<ChaosKind>());
        while (plan.Count < options.Faults)
        {
            if (bag.Count == 0)
            {
                bag = Fill(options.Kinds, chance);
            }

            plan.Add(Draw(plan.Count + 1, bag.Pop(), options, chance));
        }

        return plan;
    }

    private static Stack<ChaosKind> Fill(IEnumerable<ChaosKind> kinds, Random chance)
    {
        var all = kinds.Distinct().Order().SelectMany(kind => kind == ChaosKind.Kill ? [kind, kind] : new[] { kind }).ToArray();
        chance.Shuffle(all);
        return new Stack<ChaosKind>(all);
    }

    private static ChaosFault Draw(int number, ChaosKind kind, ChaosPlanOptions options, Random chance) =>
        new(number, kind, Victims(kind, options.Silos, chance), Length(kind, options, chance), Network(kind, chance));

    private static int[] Victims(ChaosKind kind, int silos, Random chance)
    {
        var all = Enumerable.Range(0, silos).ToArray();
        switch (kind)
        {
            case ChaosKind.KillDetector or ChaosKind.StoreStop or ChaosKind.StoreFreeze or ChaosKind.StoreRestart:
                return [];
            case ChaosKind.KillAll or ChaosKind.NetworkLoss or ChaosKind.NetworkBlackout:
                return all;
            case ChaosKind.KillMost:
                chance.Shuffle(all);
                return [.. all.Skip(1).Order()];
            default:
                return [chance.Next(silos)];
        }
    }

    private static TimeSpan Length(ChaosKind kind, ChaosPlanOptions options, Random chance) => kind switch
    {
        ChaosKind.PauseShort or ChaosKind.NetworkBlackout => options.Tolerance * Between(ShortestPart, LongestPart, chance),
        ChaosKind.PauseAround => options.Lease * Between(0.6, 1.6, chance),
        ChaosKind.StoreStop or ChaosKind.StoreFreeze => options.Lease * Between(1.1, 2, chance),
        ChaosKind.NetworkLoss => LongestLoss * Between(0.25, 1, chance),
        _ => TimeSpan.Zero,
    };

    private static NetworkFault? Network(ChaosKind kind, Random chance) => kind switch
    {
        ChaosKind.NetworkCut or ChaosKind.NetworkBlackout => new NetworkFault(),
        ChaosKind.NetworkOneWay => new NetworkFault(NetworkParty.Peers, chance.Next(2) == 0 ? NetworkDirection.In : NetworkDirection.Out),
        ChaosKind.NetworkPeers => new NetworkFault(NetworkParty.Peers),
        ChaosKind.NetworkStore => new NetworkFault(NetworkParty.Store),
        ChaosKind.NetworkLoss => new NetworkFault(Direction: NetworkDirection.In, LossPercent: LossPercent),
        _ => null,
    };

    private static double Between(double least, double most, Random chance) => least + (chance.NextDouble() * (most - least));
}

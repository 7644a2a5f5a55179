using System.Globalization;
using FaultTolerance.Grains.Orders;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Decides which nodes are to be quarantined, as a pure function of what each of them did of late.</summary>
/// <remarks>
/// A node is compared with the others, never with a fixed idea of what is good: what fails everywhere is not the node's fault. At
/// most a share of the nodes is accused, the worst first, so that a wrong rule cannot take a cluster down.
/// </remarks>
internal static class QuarantinePlan
{
    /// <summary>Fewer nodes than these cannot tell who of them is odd.</summary>
    public const int LeastNodes = 3;

    /// <summary>The others must be this much better.</summary>
    private const double Better = 4;

    /// <summary>Returns whom to accuse, each with the evidence in a sentence.</summary>
    public static IReadOnlyList<Suspicion> Decide(IReadOnlyList<NodeWork> nodes, QuarantineOptions options)
    {
        var room = (int)(nodes.Count * options.MaxShare) - nodes.Count(node => node.IsAccused);
        if (!options.IsAutomatic || nodes.Count < LeastNodes || room <= 0)
        {
            return [];
        }

        var working = nodes.Where(node => node.TakesWork).ToList();
        var all = new WorkTotals(working);
        return
        [
            .. working
                .Select(node => Judge(node, all, options))
                .OfType<(double Badness, Suspicion Accusation)>()
                .OrderByDescending(judged => judged.Badness)
                .Take(room)
                .Select(judged => judged.Accusation),
        ];
    }

    /// <summary>Returns how long a quarantine is: twice as long as the one before that it follows closely.</summary>
    public static TimeSpan TimeOf(int round, QuarantineOptions options)
    {
        var time = options.BaseTime * Math.Pow(2, Math.Min(round - 1, 30));
        return time < options.MaxTime ? time : options.MaxTime;
    }

    /// <summary>Returns the number of a quarantine that begins now: 1, or one more than the one that ended of late.</summary>
    public static int RoundOf(NodeOrder? former, DateTimeOffset now, QuarantineOptions options) =>
        former is { Round: > 0 } && now - (former.EndsAt ?? former.At) < options.MaxTime ? former.Round + 1 : 1;

    private static (double Badness, Suspicion Accusation)? Judge(NodeWork node, WorkTotals all, QuarantineOptions options) =>
        JudgeFailures(node, all, options) ?? JudgeHung(node, all, options) ?? JudgePool(node, all, options);

    private static (double, Suspicion)? JudgeFailures(NodeWork node, WorkTotals all, QuarantineOptions options)
    {
        // Only what others run, too, can be compared.
        var (own, same) = (default(HandlerTally), default(HandlerTally));
        foreach (var tally in node.Ended.Values)
        {
            var elsewhere = all.Without(tally);
            if (elsewhere.Total > 0)
            {
                own = new HandlerTally("", own.Succeeded + tally.Succeeded, own.Failed + tally.Failed);
                same = new HandlerTally("", same.Succeeded + elsewhere.Succeeded, same.Failed + elsewhere.Failed);
            }
        }

        if (own.Total < options.MinAttempts || same.Total < options.MinAttempts)
        {
            return null;
        }

        var (share, usual) = (ShareOf(own), ShareOf(same));
        return share < options.FailureShare || usual > options.FailureShare / Better
            ? null
            : (share, new Suspicion(node.Node, string.Create(CultureInfo.InvariantCulture,
                $"{own.Failed} of its {own.Total} attempts failed within {options.Window}, and {same.Failed} of {same.Total} of the same handlers on the other nodes.")));
    }

    private static (double, Suspicion)? JudgeHung(NodeWork node, WorkTotals all, QuarantineOptions options)
    {
        if (node.HungShare is not { } share || share < options.HungShare || all.HighestHungBeside(share) is not { } others || others > options.HungShare / Better)
        {
            return null;
        }

        return (share, new Suspicion(node.Node, string.Create(CultureInfo.InvariantCulture,
            $"Handlers that were told to stop and did not have held {share:P0} of its slots for {options.Window}, and {others:P0} at the most on the others.")));
    }

    private static (double, Suspicion)? JudgePool(NodeWork node, WorkTotals all, QuarantineOptions options)
    {
        if (node.PoolDelay is not { } delay || delay < options.PoolDelay || all.LongestDelayBeside(delay) is not { } others || others > options.PoolDelay / Better)
        {
            return null;
        }

        return (0, new Suspicion(node.Node, string.Create(CultureInfo.InvariantCulture,
            $"Its thread pool kept work waiting for {delay.TotalSeconds:F1} s or more for {options.Window}, the others' for {others.TotalSeconds:F1} s at the most.")));
    }

    private static double ShareOf(HandlerTally tally) => (double)tally.Failed / tally.Total;
}

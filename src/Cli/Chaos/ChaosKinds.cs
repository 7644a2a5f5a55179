using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Chaos;

/// <summary>Chooses the kinds of faults of a run.</summary>
internal static class ChaosKinds
{
    /// <summary>Chooses of the kinds that are wanted those that are possible, and says which are not.</summary>
    /// <exception cref="UsageException">None is.</exception>
    public static (IReadOnlyList<ChaosKind> Kinds, IReadOnlyDictionary<ChaosKind, string> LeftOut) Choose(
        IReadOnlyList<ChaosKind> asked, ChaosConditions conditions, LiveBoard board)
    {
        var wanted = (asked.Count > 0 ? asked : Enum.GetValues<ChaosKind>()).Distinct().ToList();
        var leftOut = wanted.Where(kind => conditions.WhyNot(kind) is not null).ToDictionary(kind => kind, kind => conditions.WhyNot(kind)!);
        var kinds = wanted.Where(kind => !leftOut.ContainsKey(kind)).ToList();
        foreach (var reason in wanted.Where(leftOut.ContainsKey).GroupBy(kind => leftOut[kind], ChaosNames.Of))
        {
            board.Add(TimelineKind.Step, $"left out: {string.Join(", ", reason)}. {reason.Key}");
        }

        return kinds.Count > 0
            ? (kinds, leftOut)
            : throw new UsageException($"None of the kinds of faults is possible here. {string.Join(" ", wanted.Select(kind => leftOut[kind]).Distinct())}");
    }
}

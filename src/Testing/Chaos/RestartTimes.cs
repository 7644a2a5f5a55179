using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;
using Orleans.Serialization;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Finds out of the history of tasks how soon work that was lost with a node was started again.</summary>
internal static class RestartTimes
{
    private const int Page = 500;

    /// <summary>Reads the tasks' histories, and finds it.</summary>
    public static async Task<IReadOnlyDictionary<NodeIncarnation, RestartTime>> ReadAsync(
        ITaskRows rows, Serializer serializer, IEnumerable<TaskId> tasks, IReadOnlyCollection<ChaosStrike> strikes, CancellationToken cancellationToken)
    {
        var starts = strikes.ToDictionary(strike => strike.Incarnation, _ => new List<DateTimeOffset>());
        foreach (var page in tasks.Chunk(Page))
        {
            foreach (var row in (await rows.ReadAsync(page, cancellationToken)).Where(row => row.Life.Length > 0))
            {
                Add(serializer.Deserialize<TaskLife>(row.Life)!.Attempts, starts);
            }
        }

        return Of(strikes, starts);
    }

    /// <summary>Finds it in these histories. Pure.</summary>
    public static IReadOnlyDictionary<NodeIncarnation, RestartTime> Find(
        IEnumerable<IReadOnlyList<AttemptRecord>> histories, IReadOnlyCollection<ChaosStrike> strikes)
    {
        var starts = strikes.ToDictionary(strike => strike.Incarnation, _ => new List<DateTimeOffset>());
        foreach (var attempts in histories)
        {
            Add(attempts, starts);
        }

        return Of(strikes, starts);
    }

    private static void Add(IReadOnlyList<AttemptRecord> attempts, Dictionary<NodeIncarnation, List<DateTimeOffset>> starts)
    {
        foreach (var (lost, next) in attempts.Zip(attempts.Skip(1)))
        {
            if (lost.Failure?.Kind is FailureKind.Crash or FailureKind.NodeLost && starts.TryGetValue(lost.Incarnation, out var found))
            {
                found.Add(next.StartedAt ?? next.ClaimedAt);
            }
        }
    }

    private static Dictionary<NodeIncarnation, RestartTime> Of(
        IReadOnlyCollection<ChaosStrike> strikes, Dictionary<NodeIncarnation, List<DateTimeOffset>> starts) => strikes
        .Where(strike => starts[strike.Incarnation].Count > 0)
        .ToDictionary(
            strike => strike.Incarnation,
            strike => new RestartTime(starts[strike.Incarnation].Min() - strike.At, starts[strike.Incarnation].Max() - strike.At, starts[strike.Incarnation].Count));
}

using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;
using Orleans.Serialization;

namespace FaultTolerance.Testing.Checking;

/// <summary>Compares what a client was told with what the store holds, once all work is done.</summary>
/// <param name="rows">The store's task rows.</param>
/// <param name="audit">Counts the outcomes that were committed.</param>
/// <param name="serializer">Reads the log of attempts in a row.</param>
public sealed class InvariantsChecker(ITaskRows rows, IOutcomeAudit audit, Serializer serializer)
{
    private const int Page = 500;

    /// <summary>Checks the tasks with these ids, from the client's journal.</summary>
    /// <param name="acknowledged">The ids.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<InvariantsReport> CheckAsync(IReadOnlyCollection<TaskId> acknowledged, CancellationToken cancellationToken = default)
    {
        var (phases, lost, broken) = (new Dictionary<TaskPhase, long>(), new List<TaskId>(), new List<string>());
        var (retries, hits) = (new Dictionary<FailureKind, long>(), new Dictionary<NodeIncarnation, long>());
        var withoutResult = new Dictionary<TaskId, TaskPhase?>();
        var ids = acknowledged.Distinct().ToList();
        foreach (var page in ids.Chunk(Page))
        {
            var found = (await rows.ReadAsync(page, cancellationToken)).ToDictionary(row => row.Id);
            foreach (var id in page.Where(id => found.GetValueOrDefault(id)?.Phase != TaskPhase.Succeeded))
            {
                withoutResult[id] = found.GetValueOrDefault(id)?.Phase;
            }

            lost.AddRange(page.Where(id => !found.TryGetValue(id, out var row) || !row.Phase.IsFinal()));
            foreach (var row in found.Values)
            {
                phases[row.Phase] = phases.GetValueOrDefault(row.Phase) + 1;
                var life = row.Life.Length == 0 ? TaskLife.New : serializer.Deserialize<TaskLife>(row.Life)!;
                Add(life, retries, hits);
                if (row.Phase.IsFinal() && HistoryCheck.Find(row, life) is { } wrong)
                {
                    broken.Add($"{row.Id}: {wrong}");
                }
            }
        }

        return new InvariantsReport
        {
            Accepted = ids.Count,
            Succeeded = phases.GetValueOrDefault(TaskPhase.Succeeded),
            Failed = phases.GetValueOrDefault(TaskPhase.Failed),
            Cancelled = phases.GetValueOrDefault(TaskPhase.Cancelled),
            Lost = lost.Count,
            LostExamples = [.. lost.Take(InvariantsReport.MaxExamples)],
            WithoutResult = withoutResult,
            CommittedTwice = await audit.CountDoubledAsync(cancellationToken),
            BrokenHistories = broken.Count,
            BrokenExamples = [.. broken.Take(InvariantsReport.MaxExamples)],
            Retries = retries,
            AttemptsHit = hits,
        };
    }

    private static void Add(TaskLife life, Dictionary<FailureKind, long> retries, Dictionary<NodeIncarnation, long> hits)
    {
        foreach (var (kind, count) in life.Retries)
        {
            retries[kind] = retries.GetValueOrDefault(kind) + count;
        }

        foreach (var attempt in life.Attempts.Where(attempt => attempt.Failure?.Kind is FailureKind.Crash or FailureKind.NodeLost))
        {
            hits[attempt.Incarnation] = hits.GetValueOrDefault(attempt.Incarnation) + 1;
        }
    }
}

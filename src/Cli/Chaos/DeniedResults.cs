using System.Collections.Concurrent;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Chaos;

/// <summary>Notes of which acknowledged tasks the cluster said that they have no result, to be compared with what the checker finds of them.</summary>
internal sealed class DeniedResults
{
    private readonly ConcurrentDictionary<TaskId, FaultToleranceException> _denials = new();

    /// <summary>Notes an answer.</summary>
    /// <param name="asked">The task that was asked for. What the answer tells may be the failure of another one, on which it depends.</param>
    /// <param name="answer">That it is unknown, has failed or was cancelled.</param>
    public void Add(TaskId asked, FaultToleranceException answer) => _denials[asked] = answer;

    /// <summary>Returns, in words, the answers that are not what the checker says of the same task. It counts the others itself.</summary>
    public IReadOnlyList<string> FindWrong(InvariantsReport report) =>
        [.. _denials.Where(denial => !Fits(denial.Key, denial.Value, report)).Select(denial => Describe(denial.Key, denial.Value, report))];

    private static bool Fits(TaskId id, FaultToleranceException answer, InvariantsReport report) =>
        report.WithoutResult.TryGetValue(id, out var phase) && answer switch
        {
            TaskUnknownException => phase is null || !phase.Value.IsFinal(),
            TaskCancelledException => phase == TaskPhase.Cancelled,
            _ => phase == TaskPhase.Failed,
        };

    private static string Describe(TaskId id, FaultToleranceException answer, InvariantsReport report)
    {
        var found = !report.WithoutResult.TryGetValue(id, out var phase) ? "has a result, or was never acknowledged"
            : phase is null ? "has no row any more"
            : $"is {phase}";
        return $"task {id} {found}, and the cluster said: {answer.Message}";
    }
}

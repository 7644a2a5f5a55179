using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Checking;

/// <summary>Looks for what cannot be in the history of a task that has ended (invariant 9). Pure.</summary>
internal static class HistoryCheck
{
    /// <summary>Returns what is wrong; null for a history that is whole.</summary>
    public static string? Find(TaskRow row, TaskLife life)
    {
        var numbers = life.Attempts.Select(attempt => attempt.Number).ToList();
        var isCut = numbers.Count >= TaskLife.MaxAttemptsKept; // by design: only the first and the newest are kept
        if (numbers.Count == 1 && life.Attempts[0].Failure?.Kind == FailureKind.InvalidResult)
        {
            return null; // the store refused what stood there before, and so it was left out
        }

        if (isCut ? numbers[0] != 1 || numbers[^1] != row.Attempt : !numbers.SequenceEqual(Enumerable.Range(1, row.Attempt)))
        {
            return $"its row is at attempt {row.Attempt}, and its history has the attempts {string.Join(", ", numbers)}";
        }

        if (life.Attempts.FirstOrDefault(attempt => attempt.EndedAt is null) is { } open)
        {
            return $"attempt {open.Number} has no end";
        }

        // A task may end while it waits for a retry that was charged: it was cancelled, or its deadline passed.
        var most = row.Phase == TaskPhase.Succeeded ? row.Attempt - 1 : row.Attempt;
        if (life.Retries.Values.Sum() is var retries && retries > 0 && retries > most)
        {
            return $"{retries} retries were charged for {row.Attempt} attempts";
        }

        var succeeded = life.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Succeeded).Select(attempt => attempt.Number).ToList();
        int[] expected = row.Phase == TaskPhase.Succeeded ? [row.Attempt] : [];
        return succeeded.SequenceEqual(expected)
            ? null
            : $"it has {(row.Phase == TaskPhase.Succeeded ? "succeeded" : "not succeeded")}, and of its {row.Attempt} attempts these have: {string.Join(", ", succeeded)}";
    }
}

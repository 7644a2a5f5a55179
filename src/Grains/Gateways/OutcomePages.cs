using FaultTolerance.Gateways;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Answers which of many tasks have ended, and how, in pages of bounded size.</summary>
internal sealed class OutcomePages(IDurableStore store, TaskReader reader, TaskRowCodec codec)
{
    /// <summary>The most bytes of outcomes in one answer, but for the last outcome in it.</summary>
    public const int MaxAnswerBytes = 4 << 20;

    /// <summary>The most bytes of rows that are read for one answer, but for the last rows read.</summary>
    private const int MaxReadBytes = 16 << 20;

    /// <summary>How many rows are read at a time: their size is known only when they are here.</summary>
    private const int RowsAtATime = 200;

    /// <summary>Returns the outcomes of those that have ended or are unknown. Those that the answer has no room for are told as left out.</summary>
    public async Task<IReadOnlyList<TaskOutcome>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        var outcomes = new List<TaskOutcome>();
        var (answered, read) = (0L, 0L);
        foreach (var part in ids.Distinct().Chunk(RowsAtATime))
        {
            if (answered >= MaxAnswerBytes || read >= MaxReadBytes)
            {
                outcomes.AddRange(part.Select(LeftOut));
                continue;
            }

            var rows = await store.ReadAsync(part, cancellationToken);
            foreach (var row in rows.Where(row => row.Phase.IsFinal()))
            {
                var outcome = answered < MaxAnswerBytes ? Of(row, await ResultOfAsync(row, withLargeResult: false, cancellationToken)) : LeftOut(row.Id);
                outcomes.Add(outcome);
                answered += OutcomeSize.Of(outcome);
            }

            outcomes.AddRange(part.Except(rows.Select(row => row.Id)).Select(id => new TaskOutcome { Id = id, IsUnknown = true }));
            read += rows.Sum(row => (long)row.Spec.Length + row.Life.Length + (row.Result?.Length ?? 0));
        }

        return outcomes;
    }

    /// <summary>Returns one task's outcome with its result however large; null where it has not ended.</summary>
    public async Task<TaskOutcome?> ReadAsync(TaskId id, CancellationToken cancellationToken) => await store.ReadAsync([id], cancellationToken) switch
    {
        [] => new TaskOutcome { Id = id, IsUnknown = true },
        [var row] when row.Phase.IsFinal() => Of(row, await ResultOfAsync(row, withLargeResult: true, cancellationToken)),
        _ => null,
    };

    private static TaskOutcome LeftOut(TaskId id) => new() { Id = id, IsLeftOut = true };

    private static TaskOutcome Of(TaskRow row, (byte[]? Result, TaskFailure? Failure) how) => new()
    {
        Id = row.Id,
        Phase = how.Failure is not null && row.Phase == TaskPhase.Succeeded ? TaskPhase.Failed : row.Phase,
        Result = how.Result,
        Failure = how.Failure is null ? null : FailureBounds.Bound(how.Failure),
    };

    /// <summary>Reads how a row's task ended. One that cannot be read is told as such: thrown, it would hide the others.</summary>
    private async ValueTask<(byte[]? Result, TaskFailure? Failure)> ResultOfAsync(TaskRow row, bool withLargeResult, CancellationToken cancellationToken)
    {
        try
        {
            if (row is not { Phase: TaskPhase.Succeeded, Result: { } stored })
            {
                return (null, codec.ReadLife(row).Failure);
            }

            if (PayloadReference.TryReadInline(stored, out var payload, out _))
            {
                return (payload.ToArray(), null);
            }

            return (withLargeResult ? (await reader.LoadAsync(row.Id, stored, cancellationToken)).ToArray() : null, null);
        }
        catch (Exception exception) when (exception is not StoreException and not OperationCanceledException)
        {
            var damage = TaskRowCodec.DamageOf(row, exception);
            return (null, new TaskFailure { Kind = FailureKind.InvalidResult, TaskId = row.Id, Message = damage });
        }
    }
}

using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Commits;

/// <summary>Commits one batch and answers each of its callers: repeats, splits, and settles what has become of it.</summary>
internal sealed partial class BatchCommit<TWrite, TResult>(
    CommitTarget<TWrite, TResult> target,
    StoreOptions options,
    TimeProvider timeProvider,
    TokenSource chance,
    StoreInstruments instruments,
    ILogger logger)
{
    /// <summary>Commits writes of different rows; on return every caller has its answer. Never throws.</summary>
    public Task CommitAsync(PendingWrite<TWrite, TResult>[] batch)
    {
        Array.Sort(batch, (left, right) => target.Compare(left.Write, right.Write));
        return CommitAsync(batch, null, isOutcomeUnknown: false);
    }

    private async Task CommitAsync(ReadOnlyMemory<PendingWrite<TWrite, TResult>> batch, StoreException? failure, bool isOutcomeUnknown)
    {
        for (var repeat = 0; ; repeat++)
        {
            batch = AnswerExpired(batch, failure, isOutcomeUnknown);
            if (batch.IsEmpty)
            {
                return;
            }

            failure = await TryAsync(batch);
            if (failure is null)
            {
                return;
            }

            isOutcomeUnknown |= failure.IsOutcomeUnknown;
            if (!failure.IsRetryable)
            {
                await DivideAsync(batch, failure, isOutcomeUnknown);
                return;
            }

            LogBatchRepeated(batch.Length, repeat + 1, failure.Fault, failure.Message);
            instruments.OnBatchRepeated(failure.Fault);
            var delay = RepeatDelay.Of(failure, repeat, chance.NextDouble());
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(Shorter(delay, UntilFirstDeadline(batch)), timeProvider);
            }
        }
    }

    /// <summary>Commits once.</summary>
    /// <returns>Why it failed; null when all callers are answered.</returns>
    private async Task<StoreException?> TryAsync(ReadOnlyMemory<PendingWrite<TWrite, TResult>> batch)
    {
        var writes = new TWrite[batch.Length];
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = batch.Span[i].Write;
        }

        using var deadline = new CancellationTokenSource(UntilFirstDeadline(batch), timeProvider);
        var (started, wasCommitted) = (timeProvider.GetTimestamp(), false);
        try
        {
            var results = await target.CommitAsync(writes, deadline.Token);
            wasCommitted = true;
            instruments.OnBatchCommitted(writes.Length, timeProvider.GetElapsedTime(started));
            results = await target.SettleAsync(writes, results, deadline.Token);
            Answer(batch.Span, results);
            return null;
        }
        catch (StoreException failure)
        {
            // An answer that could not be settled is no answer: the batch is repeated, and what is mine found then.
            return wasCommitted ? new StoreException(StoreFault.Unreachable, failure.Message, failure, isOutcomeUnknown: true) : failure;
        }
        catch (OperationCanceledException cancelled) when (deadline.IsCancellationRequested)
        {
            return new StoreException(StoreFault.Unreachable, "The store did not answer in time.", cancelled, isOutcomeUnknown: true);
        }
        catch (Exception defect)
        {
            LogEngineDefect(defect, batch.Length);
            return new StoreException(StoreFault.Unusable, $"The store's engine failed unexpectedly: {defect.Message}", defect, isOutcomeUnknown: true);
        }
    }

    private async Task DivideAsync(ReadOnlyMemory<PendingWrite<TWrite, TResult>> batch, StoreException failure, bool isOutcomeUnknown)
    {
        if (failure.Fault == StoreFault.Data && batch.Length > 1)
        {
            await CommitAsync(batch[..(batch.Length / 2)], failure, isOutcomeUnknown);
            await CommitAsync(batch[(batch.Length / 2)..], failure, isOutcomeUnknown);
            return;
        }

        var first = target.TaskOf(batch.Span[0].Write);
        LogWritesRefused(batch.Length, first, failure.Fault, failure.Message);
        instruments.OnWritesRefused(batch.Length, failure.Fault);
        IReadOnlyList<TaskId> refused = failure.Fault == StoreFault.Data && first is { } id ? [id] : [];
        foreach (var (_, call, index) in batch.ToArray())
        {
            call.Fail(index, new StoreException(failure.Fault, failure.Message, failure, isOutcomeUnknown) { RefusedTasks = refused });
        }
    }

    private static void Answer(ReadOnlySpan<PendingWrite<TWrite, TResult>> batch, IReadOnlyList<TResult> results)
    {
        if (results.Count != batch.Length)
        {
            throw new InvalidOperationException($"The engine gave {results.Count} results for {batch.Length} writes.");
        }

        for (var i = 0; i < batch.Length; i++)
        {
            batch[i].Call.Complete(batch[i].Index, results[i]);
        }
    }

    private ReadOnlyMemory<PendingWrite<TWrite, TResult>> AnswerExpired(
        ReadOnlyMemory<PendingWrite<TWrite, TResult>> batch, StoreException? failure, bool isOutcomeUnknown)
    {
        var now = timeProvider.GetTimestamp();
        if (!HasExpired(batch.Span, now))
        {
            return batch;
        }

        var open = new List<PendingWrite<TWrite, TResult>>();
        foreach (var pending in batch.ToArray())
        {
            if (pending.Call.Deadline > now)
            {
                open.Add(pending);
                continue;
            }

            pending.Call.Fail(pending.Index, TimedOut(failure, isOutcomeUnknown));
        }

        LogWritesTimedOut(batch.Length - open.Count, options.WriteTimeout);
        instruments.OnWritesTimedOut(batch.Length - open.Count);
        return open.ToArray();
    }

    private StoreException TimedOut(StoreException? failure, bool isOutcomeUnknown) => new(
        StoreFault.Unreachable,
        $"The store did not commit the write within {options.WriteTimeout} (StoreOptions.WriteTimeout). "
            + (isOutcomeUnknown ? "It may have been committed all the same. " : "It was not committed. ")
            + (failure?.Message ?? "Too many other writes were before it."),
        failure,
        isOutcomeUnknown);

    private TimeSpan UntilFirstDeadline(ReadOnlyMemory<PendingWrite<TWrite, TResult>> batch)
    {
        var first = long.MaxValue;
        foreach (ref readonly var pending in batch.Span)
        {
            first = Math.Min(first, pending.Call.Deadline);
        }

        var left = timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), first);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static bool HasExpired(ReadOnlySpan<PendingWrite<TWrite, TResult>> batch, long now)
    {
        foreach (ref readonly var pending in batch)
        {
            if (pending.Call.Deadline <= now)
            {
                return true;
            }
        }

        return false;
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    [LoggerMessage(StoreEventIds.BatchRepeated, LogLevel.Warning, "A batch of {Writes} writes was not committed and is repeated, repeat {Repeat}: {Fault}: {Reason}")]
    private partial void LogBatchRepeated(int writes, int repeat, StoreFault fault, string reason);

    [LoggerMessage(StoreEventIds.WritesRefused, LogLevel.Error, "The store refused {Writes} writes, the first of task {TaskId}: {Fault}: {Reason}")]
    private partial void LogWritesRefused(int writes, TaskId? taskId, StoreFault fault, string reason);

    [LoggerMessage(StoreEventIds.WritesTimedOut, LogLevel.Error, "{Writes} writes were not committed within {WriteTimeout}; their callers were told.")]
    private partial void LogWritesTimedOut(int writes, TimeSpan writeTimeout);

    [LoggerMessage(StoreEventIds.EngineDefect, LogLevel.Error, "The store's engine failed a batch of {Writes} writes with an exception that is not its own.")]
    private partial void LogEngineDefect(Exception exception, int writes);
}

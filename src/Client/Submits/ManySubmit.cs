using FaultTolerance.Outcomes;

namespace FaultTolerance.Submits;

/// <summary>Submits any number of calls in batches, some under way at once, and returns their ids in order.</summary>
/// <remarks>Calls are made as they are sent, so that a million of them never stand in memory together; only the ids do.</remarks>
internal sealed class ManySubmit(BatchSender sender, OutcomeTable table, ClientClock clock, BackgroundWork background, FaultToleranceClientOptions options)
{
    public async Task<IReadOnlyList<TaskId>> RunAsync(IEnumerable<Submit> submits, CancellationToken cancellationToken)
    {
        var ids = new List<TaskId>();
        var underWay = new Queue<Batch>();
        try
        {
            foreach (var batch in Batches(submits))
            {
                if (underWay.Count == options.MaxBatchesUnderWay)
                {
                    await TakeOldestAsync(underWay, ids, cancellationToken);
                }

                underWay.Enqueue(Send(batch));
            }

            while (underWay.Count > 0)
            {
                await TakeOldestAsync(underWay, ids, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Abandon(underWay);
            throw;
        }
        catch
        {
            // Whoever is told of a failure must be able to rely on nothing being under way any more.
            await Task.WhenAll(underWay.Select(batch => batch.Sent)).WaitAsync(cancellationToken);
            throw;
        }

        return ids;
    }

    private static void Abandon(Queue<Batch> underWay)
    {
        foreach (var submit in underWay.SelectMany(batch => batch.Submits))
        {
            submit.IsAbandoned = true;
        }
    }

    private async Task TakeOldestAsync(Queue<Batch> underWay, List<TaskId> ids, CancellationToken cancellationToken)
    {
        var oldest = underWay.Peek();
        await oldest.Sent.WaitAsync(cancellationToken);
        if (oldest.Submits.Any(submit => submit.Failure is not null))
        {
            await Task.WhenAll(underWay.Select(batch => batch.Sent)).WaitAsync(cancellationToken);
            throw FailureOf(underWay.SelectMany(batch => batch.Submits));
        }

        underWay.Dequeue();
        ids.AddRange(oldest.Submits.Select(submit => submit.AcceptedAs));
    }

    // The first failure, in the order of the items; where that is a time-out, with all the ids that share its fate.
    private Exception FailureOf(IEnumerable<Submit> submits)
    {
        var failed = submits.Where(submit => submit.Failure is not null).ToList();
        return failed[0].Failure is not SubmitTimeoutException first
            ? failed[0].Failure!
            : SubmitFailures.Unanswered(
                failed.Where(submit => submit.Failure is SubmitTimeoutException).Select(submit => submit.Call.Id).ToArray(),
                options.SubmitTimeout,
                first.InnerException);
    }

    private Batch Send(List<Submit> batch)
    {
        foreach (var submit in batch)
        {
            submit.Deadline = clock.Now + options.SubmitTimeout;
            table.Submitting(submit.Call.Id);
        }

        return new Batch(batch, background.Start(() => sender.SendAsync(batch)));
    }

    private IEnumerable<List<Submit>> Batches(IEnumerable<Submit> submits)
    {
        var batch = new List<Submit>();
        var size = 0;
        foreach (var submit in submits)
        {
            if (batch.Count == options.MaxBatch || (batch.Count > 0 && size + submit.Size > options.MaxBatchBytes))
            {
                yield return batch;
                (batch, size) = ([], 0);
            }

            batch.Add(submit);
            size += submit.Size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private sealed record Batch(List<Submit> Submits, Task Sent);
}

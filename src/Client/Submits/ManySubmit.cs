using FaultTolerance.Outcomes;

namespace FaultTolerance.Submits;

/// <summary>Submits any number of calls in batches, some under way at once, and returns their ids in order.</summary>
/// <remarks>
/// As many batches as may be under way are made before the first is sent: what is wrong with a call is told before anything is enqueued,
/// unless there are many. The later ones are made as they are sent, so that a million calls never stand in memory together; only the ids do.
/// </remarks>
internal sealed class ManySubmit(BatchSender sender, OutcomeTable table, ClientClock clock, BackgroundWork background, FaultToleranceClientOptions options)
{
    public async Task<IReadOnlyList<TaskId>> RunAsync(IEnumerable<Submit> submits, CancellationToken cancellationToken)
    {
        var ids = new List<TaskId>();
        var underWay = new Queue<Batch>();
        try
        {
            await SendAllAsync(submits, ids, underWay, cancellationToken);
            return ids;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Abandon(underWay);
            throw;
        }
    }

    private async Task SendAllAsync(IEnumerable<Submit> submits, List<TaskId> ids, Queue<Batch> underWay, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var batch in Ahead(Batches(submits)))
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
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whoever is told of a failure must be able to rely on nothing being under way any more.
            await Task.WhenAll(underWay.Select(batch => batch.Sent)).WaitAsync(cancellationToken);
            var failure = ManyFailure.Of(exception, ids, [.. underWay.SelectMany(batch => batch.Submits)], options.SubmitTimeout);
            if (failure != exception)
            {
                throw failure;
            }

            throw;
        }
    }

    private static void Abandon(Queue<Batch> underWay)
    {
        foreach (var submit in underWay.SelectMany(batch => batch.Submits))
        {
            submit.IsAbandoned = true;
        }
    }

    private static async Task TakeOldestAsync(Queue<Batch> underWay, List<TaskId> ids, CancellationToken cancellationToken)
    {
        var oldest = underWay.Peek();
        await oldest.Sent.WaitAsync(cancellationToken);
        if (oldest.Submits.Find(submit => submit.Failure is not null) is { } failed)
        {
            throw failed.Failure!;
        }

        underWay.Dequeue();
        ids.AddRange(oldest.Submits.Select(submit => submit.AcceptedAs));
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

    // The first ones are made before any is taken.
    private IEnumerable<List<Submit>> Ahead(IEnumerable<List<Submit>> batches)
    {
        using var source = batches.GetEnumerator();
        var made = new Queue<List<Submit>>();
        while (made.Count < options.MaxBatchesUnderWay && source.MoveNext())
        {
            made.Enqueue(source.Current);
        }

        while (made.TryDequeue(out var batch))
        {
            yield return batch;
        }

        while (source.MoveNext())
        {
            yield return source.Current;
        }
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

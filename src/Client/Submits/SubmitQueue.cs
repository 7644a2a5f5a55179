using System.Diagnostics.CodeAnalysis;
using FaultTolerance.Outcomes;

namespace FaultTolerance.Submits;

/// <summary>Collects the single submits of many callers into batches.</summary>
/// <remarks>
/// A submit alone is sent at once. While batches are under way, others gather: the more are under way, the more must have
/// gathered before another batch is sent beside them, so that a busy client sends few large batches and not many small ones.
/// </remarks>
internal sealed class SubmitQueue
{
    // Two lone callers never wait for each other.
    private const int AlwaysUnderWay = 2;
    private const int GatheredPerBatchUnderWay = 8;

    private readonly Lock _gate = new();
    private readonly Queue<SingleSubmit> _waiting = new();
    private readonly BatchSender _sender;
    private readonly ClientClock _clock;
    private readonly BackgroundWork _background;
    private readonly FaultToleranceClientOptions _options;
    private readonly OutcomeTable _table;
    private int _underWay;

    public SubmitQueue(BatchSender sender, OutcomeTable table, ClientClock clock, BackgroundWork background, FaultToleranceClientOptions options) =>
        (_sender, _table, _clock, _background, _options) = (sender, table, clock, background, options);

    /// <exception cref="SubmitRejectedException">Too many wait already.</exception>
    public void Add(SingleSubmit submit)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_background.Stopping.IsCancellationRequested, typeof(IFaultToleranceClient));
            if (_waiting.Count >= _options.MaxPendingSubmits)
            {
                throw SubmitFailures.QueueFull(submit, _options.MaxPendingSubmits);
            }

            _waiting.Enqueue(submit);
            if (_underWay >= _options.MaxBatchesUnderWay || (_underWay >= AlwaysUnderWay && _waiting.Count < _underWay * GatheredPerBatchUnderWay))
            {
                return;
            }

            _underWay++;
        }

        _background.Start(SendAsync).Ignore();
    }

    private async Task SendAsync()
    {
        while (TryTakeBatch(out var batch))
        {
            await _sender.SendAsync(batch);
        }
    }

    private bool TryTakeBatch([NotNullWhen(true)] out List<Submit>? batch)
    {
        var expired = new List<Submit>();
        lock (_gate)
        {
            batch = [];
            for (var size = 0; batch.Count < _options.MaxBatch && _waiting.TryPeek(out var next) && (batch.Count == 0 || size + next.Size <= _options.MaxBatchBytes);)
            {
                var isExpired = next.Deadline <= _clock.Now;
                (isExpired ? expired : batch).Add(_waiting.Dequeue());
                size += isExpired ? 0 : next.Size;
            }

            _underWay -= batch.Count == 0 ? 1 : 0;
        }

        expired.ForEach(Expire);
        return batch.Count > 0;
    }

    // No timer is needed: what is under way was submitted earlier and ends earlier, and then this is looked at.
    private void Expire(Submit submit)
    {
        _table.Submitted(submit.Call.Id, isExpected: false);
        submit.Fail(SubmitFailures.Busy(submit, _options.SubmitTimeout));
    }
}

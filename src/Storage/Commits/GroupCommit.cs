using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Commits;

/// <summary>Collects the writes of many callers and commits them in one round trip; alone, a write is committed at once.</summary>
/// <remarks>
/// Each of a few lanes commits one batch at a time; while all lanes are busy, writes pile up and go together next. There is no
/// timer and no fixed wait: the busier the store, the larger the batches. The lock is held to move writes, never over a commit.
/// </remarks>
internal sealed class GroupCommit<TWrite, TResult> : IAsyncDisposable
{
    /// <summary>The most bytes that are committed in one round trip, but for a single larger write.</summary>
    public const int MaxBatchBytes = 8 << 20;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly CommitQueue<TWrite, TResult> _queue;
    private readonly BatchCommit<TWrite, TResult> _commit;
    private readonly StoreOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly long _timeout;
    private readonly Task[] _lanes;
    private int _idle;
    private bool _isWaking;
    private bool _isClosed;

    public GroupCommit(
        CommitTarget<TWrite, TResult> target, BatchCommit<TWrite, TResult> commit, int lanes, StoreOptions options, TimeProvider timeProvider)
    {
        (_commit, _options, _timeProvider) = (commit, options, timeProvider);
        _timeout = (long)(options.WriteTimeout.TotalSeconds * timeProvider.TimestampFrequency);
        _queue = new CommitQueue<TWrite, TResult>(target);

        // A lane serves everybody: it must not carry on the request context of whoever came first.
        using (ExecutionContext.SuppressFlow())
        {
            _lanes = [.. Enumerable.Range(0, lanes).Select(_ => RunLaneAsync())];
        }
    }

    /// <summary>Gets about how many writes wait for their commit or are under way.</summary>
    public int Pending => _queue.Count;

    /// <summary>Commits one write.</summary>
    /// <exception cref="StoreException">The write was refused, or not committed in time.</exception>
    public Task<TResult> WriteAsync(TWrite write)
    {
        var call = new SingleCall<TResult>(Deadline());
        bool wake;
        lock (_lock)
        {
            if (IsBusy(1))
            {
                return Task.FromException<TResult>(Busy());
            }

            _queue.Add(new PendingWrite<TWrite, TResult>(write, call, 0));
            wake = NeedsLane();
        }

        Wake(wake);
        return call.Task;
    }

    /// <summary>Commits many writes, in any grouping; those of one row in the order given.</summary>
    /// <exception cref="StoreException">At least one write was refused or not committed in time; the others are answered, too.</exception>
    public Task<IReadOnlyList<TResult>> WriteAllAsync(IReadOnlyList<TWrite> writes)
    {
        if (writes.Count == 0)
        {
            return Task.FromResult<IReadOnlyList<TResult>>([]);
        }

        var call = new ListCall<TResult>(writes.Count, Deadline());
        bool wake;
        lock (_lock)
        {
            if (IsBusy(writes.Count))
            {
                return Task.FromException<IReadOnlyList<TResult>>(Busy());
            }

            for (var i = 0; i < writes.Count; i++)
            {
                _queue.Add(new PendingWrite<TWrite, TResult>(writes[i], call, i));
            }

            wake = NeedsLane();
        }

        Wake(wake);
        return call.Task;
    }

    /// <summary>Takes no more writes, and returns when all that were taken are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _work.Release(_lanes.Length);
        await Task.WhenAll(_lanes);
        _work.Dispose();
    }

    private async Task RunLaneAsync()
    {
        var isWoken = false;
        PendingWrite<TWrite, TResult>[] batch = [];
        while (Next(batch, isWoken) is { } next)
        {
            (batch, isWoken) = (next, next.Length == 0);
            if (isWoken)
            {
                // Off the caller's scheduler, for good: the first caller may be a grain in its turn.
                await _work.WaitAsync().ConfigureAwait(false);
            }
            else
            {
                await _commit.CommitAsync(batch);
            }
        }
    }

    /// <summary>Returns what a lane does next: a batch, nothing until it is woken, or null when it is to end.</summary>
    private PendingWrite<TWrite, TResult>[]? Next(PendingWrite<TWrite, TResult>[] done, bool isWoken)
    {
        PendingWrite<TWrite, TResult>[] batch;
        bool wake;
        lock (_lock)
        {
            if (isWoken)
            {
                _idle--;
                _isWaking = false;
            }

            _queue.Release(done);
            batch = _queue.Take(_options.MaxBatch, MaxBatchBytes);
            if (batch.Length == 0)
            {
                _idle++;
                return _isClosed ? null : batch;
            }

            wake = NeedsLane();
        }

        Wake(wake);
        return batch;
    }

    private long Deadline() => _timeProvider.GetTimestamp() + _timeout;

    private bool IsBusy(int writes)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(IDurableStore));
        return _queue.Count > 0 && _queue.Count + writes > _options.MaxPendingWrites;
    }

    private StoreException Busy() => new(
        StoreFault.Unreachable,
        $"The store is busy: {_queue.Count} writes wait for their commit, of {_options.MaxPendingWrites} that may "
            + "(StoreOptions.MaxPendingWrites). Nothing was written; try again later.");

    /// <summary>Returns whether a lane must be woken; one at a time, as the woken one looks whether there is work for another.</summary>
    private bool NeedsLane() => !_isWaking && _idle > 0 && _queue.Ready > 0 && (_isWaking = true);

    private void Wake(bool wake)
    {
        if (wake)
        {
            _work.Release();
        }
    }
}

using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Commits;

/// <summary>A caller of many writes, answered once, when the last of them is.</summary>
internal sealed class ListCall<TResult>(int count, long deadline)
    : TaskCompletionSource<IReadOnlyList<TResult>>(TaskCreationOptions.RunContinuationsAsynchronously), ICommitCall<TResult>
{
    private readonly TResult[] _results = new TResult[count];
    private readonly Lock _lock = new();
    private readonly List<TaskId> _refused = [];
    private StoreException? _failure;
    private bool _isOutcomeUnknown;
    private int _open = count;

    public long Deadline => deadline;

    public void Complete(int index, TResult result)
    {
        _results[index] = result;
        Answered();
    }

    public void Fail(int index, StoreException failure)
    {
        lock (_lock)
        {
            // A row that cannot be stored is the caller's to mend; that the store failed is what the caller must know first.
            if (_failure is null or { Fault: StoreFault.Data })
            {
                _failure = failure;
            }

            _refused.AddRange(failure.RefusedTasks);
            _isOutcomeUnknown |= failure.IsOutcomeUnknown;
        }

        Answered();
    }

    private void Answered()
    {
        if (Interlocked.Decrement(ref _open) > 0)
        {
            return;
        }

        if (_failure is null)
        {
            SetResult(_results);
        }
        else
        {
            SetException(new StoreException(_failure.Fault, _failure.Message, _failure.InnerException, _isOutcomeUnknown)
            {
                RefusedTasks = _refused,
            });
        }
    }
}

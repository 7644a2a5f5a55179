using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Commits;

/// <summary>A caller of one write.</summary>
internal sealed class SingleCall<TResult>(long deadline)
    : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), ICommitCall<TResult>
{
    public long Deadline => deadline;

    public void Complete(int index, TResult result) => SetResult(result);

    public void Fail(int index, StoreException failure) => SetException(failure);
}

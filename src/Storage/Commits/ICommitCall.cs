using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Commits;

/// <summary>A caller that awaits the commit of one write or of several.</summary>
internal interface ICommitCall<in TResult>
{
    /// <summary>The timestamp at which the caller is answered at the latest.</summary>
    long Deadline { get; }

    /// <summary>Answers the write at an index of the call.</summary>
    void Complete(int index, TResult result);

    /// <summary>Tells the caller that the write at an index of the call failed.</summary>
    void Fail(int index, StoreException failure);
}

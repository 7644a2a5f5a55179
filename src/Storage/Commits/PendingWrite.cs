namespace FaultTolerance.Storage.Commits;

/// <summary>One write that waits for its commit, and whom to answer.</summary>
internal readonly record struct PendingWrite<TWrite, TResult>(TWrite Write, ICommitCall<TResult> Call, int Index);

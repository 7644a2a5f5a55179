namespace FaultTolerance.Storage.Commits;

/// <summary>What a <see cref="GroupCommit{TWrite, TResult}"/> must know of its kind of write.</summary>
internal abstract class CommitTarget<TWrite, TResult>
{
    /// <summary>Commits writes of different rows, in the order of <see cref="Compare"/>.</summary>
    public abstract Task<IReadOnlyList<TResult>> CommitAsync(IReadOnlyList<TWrite> writes, CancellationToken cancellationToken);

    /// <summary>Corrects the answers to writes that lost only against their own repeat: a row that carries a write's token is its success.</summary>
    public abstract ValueTask<IReadOnlyList<TResult>> SettleAsync(
        IReadOnlyList<TWrite> writes, IReadOnlyList<TResult> results, CancellationToken cancellationToken);

    /// <summary>Returns the key of the row that is written.</summary>
    public abstract RowKey KeyOf(TWrite write);

    /// <summary>Returns the idempotency key that the write takes, if it takes one.</summary>
    public abstract RowKey? SecondKeyOf(TWrite write);

    /// <summary>Returns about how many bytes the write carries.</summary>
    public abstract int SizeOf(TWrite write);

    /// <summary>Returns the task of the write; none where it writes something else.</summary>
    public abstract TaskId? TaskOf(TWrite write);

    /// <summary>Compares in the order in which rows are locked.</summary>
    public abstract int Compare(TWrite left, TWrite right);
}

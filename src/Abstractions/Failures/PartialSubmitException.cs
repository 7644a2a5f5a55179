namespace FaultTolerance;

/// <summary>Of many calls that were submitted at once some were accepted, and go on; another could not be.</summary>
/// <remarks>
/// The inner exception says why. Items are counted from 0, in the order in which they were submitted. Those that occur neither in
/// <see cref="Accepted"/> nor in <see cref="Unknown"/> were not enqueued. To repeat the submit unchanged would enqueue the accepted ones once
/// more: submit the others, or cancel the accepted.
/// </remarks>
[GenerateSerializer, Alias("ft.PartialSubmitException")]
public sealed class PartialSubmitException : FaultToleranceException
{
    /// <summary>Creates the exception with what became of each item.</summary>
    public PartialSubmitException(IReadOnlyDictionary<int, TaskId> accepted, IReadOnlyDictionary<int, TaskId> unknown, string message, Exception inner)
        : base(message, inner)
    {
        Accepted = accepted;
        Unknown = unknown;
    }

    /// <summary>Gets the tasks that were accepted, by the numbers of their items.</summary>
    [Id(0)] public IReadOnlyDictionary<int, TaskId> Accepted { get; }

    /// <summary>Gets the tasks of which it is unknown whether they were accepted, by the numbers of their items.</summary>
    [Id(1)] public IReadOnlyDictionary<int, TaskId> Unknown { get; }
}

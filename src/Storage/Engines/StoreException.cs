namespace FaultTolerance.Storage.Engines;

/// <summary>A store could not do what it was asked to.</summary>
[GenerateSerializer, Alias("ft.StoreException")]
public sealed class StoreException : FaultToleranceException
{
    /// <summary>Creates the exception with what happened, where, and how to mend it. Never with a password.</summary>
    public StoreException(StoreFault fault, string message, Exception? inner = null, bool isOutcomeUnknown = false)
        : base(message, inner)
    {
        (Fault, IsOutcomeUnknown) = (fault, isOutcomeUnknown);
        IsRetryable = fault is StoreFault.Unreachable or StoreFault.Contention;
    }

    /// <summary>Gets what kind of failure it is.</summary>
    [Id(0)] public StoreFault Fault { get; }

    /// <summary>Gets a value indicating whether the write may have been committed all the same.</summary>
    [Id(1)] public bool IsOutcomeUnknown { get; }

    /// <summary>Gets the tasks whose rows the store refused for their data, of a call that wrote several rows; its other writes were answered.</summary>
    /// <value>Empty where the failure is not of single rows.</value>
    [Id(2)] public IReadOnlyList<TaskId> RefusedTasks { get; init; } = [];
}

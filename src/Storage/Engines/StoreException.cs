namespace FaultTolerance.Storage.Engines;

/// <summary>A store could not do what it was asked to.</summary>
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
    public StoreFault Fault { get; }

    /// <summary>Gets a value indicating whether the write may have been committed all the same.</summary>
    public bool IsOutcomeUnknown { get; }
}

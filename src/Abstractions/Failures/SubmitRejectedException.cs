namespace FaultTolerance;

/// <summary>A call was not accepted. Nothing was enqueued.</summary>
/// <remarks>Where other calls of the same submit were accepted, it is the cause of a <see cref="PartialSubmitException"/>.</remarks>
[GenerateSerializer, Alias("ft.SubmitRejectedException")]
public sealed class SubmitRejectedException : FaultToleranceException
{
    /// <summary>Creates the exception with what is wrong and how to mend it.</summary>
    public SubmitRejectedException(SubmitRejection reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Gets why the call was rejected.</summary>
    [Id(0)] public SubmitRejection Reason { get; }

    /// <summary>Gets the task that was to be submitted, if the call had got so far.</summary>
    [Id(1)] public TaskId TaskId { get; init; }
}

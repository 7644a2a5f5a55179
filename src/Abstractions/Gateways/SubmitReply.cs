namespace FaultTolerance.Gateways;

/// <summary>What became of one submitted call.</summary>
[GenerateSerializer, Immutable, Alias("ft.SubmitReply")]
public sealed record SubmitReply
{
    /// <summary>Gets the id under which the call is accepted: the client's, or that of the task holding the idempotency key.</summary>
    [Id(0)] public required TaskId Id { get; init; }

    /// <summary>Gets why the call was rejected; null when it is accepted and durable.</summary>
    [Id(1)] public SubmitRejection? Rejection { get; init; }

    /// <summary>Gets what is wrong and how to mend it, for a rejected call.</summary>
    [Id(2)] public string? Message { get; init; }

    /// <summary>Gets a value indicating whether the call may have been accepted all the same: the store gave no answer. To repeat it under its id settles that.</summary>
    [Id(3)] public bool MayBeAccepted { get; init; }
}

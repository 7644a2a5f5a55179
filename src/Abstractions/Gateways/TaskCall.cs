namespace FaultTolerance.Gateways;

/// <summary>One submitted call.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskCall")]
public sealed record TaskCall
{
    /// <summary>Gets the id that the client made for the task.</summary>
    [Id(0)] public required TaskId Id { get; init; }

    /// <summary>Gets what the call shares with others.</summary>
    [Id(1)] public required CallHeader Header { get; init; }

    /// <summary>Gets the arguments.</summary>
    [Id(2)] public required IReadOnlyList<TaskArgument> Arguments { get; init; }
}

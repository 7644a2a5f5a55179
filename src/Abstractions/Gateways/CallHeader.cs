namespace FaultTolerance.Gateways;

/// <summary>What many calls share. Within one message it is sent once.</summary>
[GenerateSerializer, Immutable, Alias("ft.CallHeader")]
public sealed record CallHeader
{
    /// <summary>Gets the handler's name.</summary>
    [Id(0)] public required string Handler { get; init; }

    /// <summary>Gets the handler's version.</summary>
    [Id(1)] public int Version { get; init; } = 1;

    /// <summary>Gets what the call asks for beyond its arguments; null for the defaults. Its id is not used here.</summary>
    [Id(2)] public SubmitOptions? Options { get; init; }

    /// <summary>Gets the session to tell of the outcome.</summary>
    [Id(3)] public SessionId? Session { get; init; }

    /// <summary>Gets the task whose handler makes the call, if one does.</summary>
    [Id(4)] public TaskId? Parent { get; init; }

    /// <summary>Gets the declared types of the arguments' parameters, in their order, for the check against the handler.</summary>
    /// <remarks>Names by <see cref="ParameterTypeName"/>. Parameters that the node fills in are left out.</remarks>
    [Id(5)] public IReadOnlyList<string> ParameterTypes { get; init; } = [];

    /// <summary>Gets the W3C trace context of the caller, if it is being traced.</summary>
    [Id(6)] public string? TraceParent { get; init; }
}

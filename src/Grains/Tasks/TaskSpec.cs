using FaultTolerance.Gateways;

namespace FaultTolerance.Grains.Tasks;

/// <summary>What was submitted. Immutable: every attempt runs the same specification.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskSpec")]
internal sealed record TaskSpec
{
    [Id(0)] public required string Handler { get; init; }

    [Id(1)] public int Version { get; init; } = 1;

    [Id(2)] public IReadOnlyList<TaskArgument> Arguments { get; init; } = [];

    /// <summary>The policy of the call or of the handler; null for the cluster's.</summary>
    [Id(3)] public TaskRetryPolicy? Retry { get; init; }

    [Id(4)] public TimeSpan? AttemptTimeout { get; init; }

    [Id(5)] public TimeSpan? PendingTimeout { get; init; }

    [Id(6)] public SessionId? Session { get; init; }

    [Id(7)] public TaskId? Parent { get; init; }

    [Id(8)] public bool Detached { get; init; }

    [Id(9)] public string? TraceParent { get; init; }

    /// <summary>As asked for. The row has the times that follow from it, and changes its due time with each retry.</summary>
    [Id(10)] public TimeSpan StartAfter { get; init; }

    /// <summary>As asked for.</summary>
    [Id(11)] public TimeSpan? Deadline { get; init; }

    [Id(12)] public string? IdempotencyKey { get; init; }

    [Id(13)] public TimeSpan? HeartbeatTimeout { get; init; }

    /// <summary>The handler as rows name it.</summary>
    public string HandlerKey => KeyOf(Handler, Version);

    /// <summary>Returns what is known of a specification by its handler alone.</summary>
    public static TaskSpec OfKey(string key) => key.LastIndexOf('@') is > 0 and var at && int.TryParse(key.AsSpan(at + 1), System.Globalization.CultureInfo.InvariantCulture, out var version)
        ? new TaskSpec { Handler = key[..at], Version = version }
        : new TaskSpec { Handler = key };

    public static string KeyOf(string handler, int version) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{handler}@{version}");
}

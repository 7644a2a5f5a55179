namespace FaultTolerance;

/// <summary>What a node says of itself when it joins.</summary>
[GenerateSerializer, Immutable, Alias("ft.NodeInfo")]
public sealed record NodeInfo
{
    /// <summary>Gets the node's name, the same over all its lives.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Gets this life of the node.</summary>
    [Id(1)] public required NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets the address under which other silos reach it.</summary>
    [Id(2)] public required SiloAddress Address { get; init; }

    /// <summary>Gets how many attempts it runs at a time.</summary>
    [Id(3)] public int Slots { get; init; }

    /// <summary>Gets the machine, by boot and process namespace: processes of the same machine can see each other's ids.</summary>
    [Id(4)] public string Machine { get; init; } = "";

    /// <summary>Gets the process id on that machine.</summary>
    [Id(5)] public int ProcessId { get; init; }

    /// <summary>Gets when the process started, in clock ticks since boot: with the id it names the process for good.</summary>
    [Id(6)] public long ProcessStart { get; init; }

    /// <summary>Gets the names of the handlers it has, each as <c>name@version</c>.</summary>
    [Id(7)] public IReadOnlyList<string> Handlers { get; init; } = [];

    /// <summary>Gets the version of the software.</summary>
    [Id(8)] public string Version { get; init; } = "";

    /// <summary>Gets the labels that its operator gave it, by name.</summary>
    [Id(9)] public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets among how many shards it divides recovery; 0 where a version runs that does not say so.</summary>
    [Id(10)] public int RecoveryShards { get; init; }
}

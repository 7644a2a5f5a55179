namespace FaultTolerance.Grains.Nodes;

/// <summary>What a node writes into its own row, anew with each renewal of its lease: what others need to know once it is dead.</summary>
/// <remarks>
/// It costs 16 bytes for each waiting attempt and second; <see cref="MaxWaiting"/> bounds that at 16 KB. Attempts beyond it are
/// charged when the node dies, like those that had started.
/// </remarks>
[GenerateSerializer, Immutable, Alias("ft.NodeRecord")]
internal sealed record NodeRecord
{
    /// <summary>How many waiting attempts are named at the most.</summary>
    public const int MaxWaiting = 1_000;

    [Id(0)] public required NodeInfo Info { get; init; }

    /// <summary>The attempts that were claimed and had not started: they cost nothing if the node dies.</summary>
    [Id(1)] public IReadOnlyList<TaskId> Waiting { get; init; } = [];

    /// <summary>Whether the node's drain had passed its deadline: attempts still there were to be handed over, at no cost.</summary>
    [Id(2)] public bool IsHandingOver { get; init; }

    /// <summary>Whether the machine was announced to be taken away at that deadline.</summary>
    [Id(3)] public bool IsPreempted { get; init; }
}

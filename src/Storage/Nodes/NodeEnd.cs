namespace FaultTolerance.Storage.Nodes;

/// <summary>Asks to end one life of a node for good.</summary>
public sealed record NodeEnd
{
    /// <summary>Gets the life.</summary>
    public required NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets the final phase: left or dead.</summary>
    public required NodePhase Phase { get; init; }

    /// <summary>Gets a value indicating whether the lease need not have ended, because the process is proved gone or says so itself.</summary>
    public bool IsProvedGone { get; init; }
}

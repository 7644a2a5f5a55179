namespace FaultTolerance.Cli.Orders;

/// <summary>What became of an order to a node. The fields of its JSON are a contract.</summary>
internal sealed record OrderView
{
    public required string Node { get; init; }

    public required string Incarnation { get; init; }

    /// <summary>Gets the order that stands: the one given, or an earlier one that it could not change.</summary>
    public NodeOrderKind Order { get; init; }

    public DateTimeOffset At { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>Gets where the node was when the command returned.</summary>
    public NodePhase Phase { get; init; }

    /// <summary>Gets whether the node has carried it out; null where the command did not wait for it.</summary>
    public bool? IsDone { get; init; }

    /// <summary>Gets the exit code that says the same.</summary>
    public int ExitCode() => IsDone == false ? ExitCodes.Wrong : ExitCodes.Right;
}

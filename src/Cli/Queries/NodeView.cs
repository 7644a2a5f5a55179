namespace FaultTolerance.Cli.Queries;

/// <summary>One life of a node in JSON. The fields are a contract.</summary>
internal sealed record NodeView
{
    public required string Name { get; init; }

    public required string Incarnation { get; init; }

    public NodePhase Phase { get; init; }

    public required string Address { get; init; }

    public int ProcessId { get; init; }

    public int Slots { get; init; }

    /// <summary>Gets how many attempts ran at the last heartbeat; null where the detector has heard none.</summary>
    public int? Running { get; init; }

    public int? Waiting { get; init; }

    /// <summary>Gets how many slots are held by handlers that were told to stop and do not; null where the detector has heard no heartbeat.</summary>
    public int? Hung { get; init; }

    public DateTimeOffset JoinedAt { get; init; }

    public DateTimeOffset LeaseEndsAt { get; init; }

    /// <summary>Gets for how long the lease still holds; null for a life that has ended, negative for a lease that is over.</summary>
    public double? LeaseSeconds { get; init; }

    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Gets how long ago the last heartbeat was heard; null where the detector has heard none.</summary>
    public double? SilentSeconds { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>Gets how unusual the node's silence is: it is suspected from the level that <c>PhiThreshold</c> sets.</summary>
    public double Phi { get; init; }

    /// <summary>Gets the order that stands for a node that is quarantined or leaving.</summary>
    public NodeOrderKind? Order { get; init; }

    /// <summary>Gets why: an operator's word, or the evidence.</summary>
    public string? OrderReason { get; init; }

    /// <summary>Gets when an automatic quarantine ends, or by when a drain is over.</summary>
    public DateTimeOffset? OrderUntil { get; init; }

    /// <summary>Gets how many slots may be used; fewer than <see cref="Slots"/> while the node is quarantined, leaving, or let back.</summary>
    public int UsableSlots { get; init; }

    /// <summary>Gets the newest proofs of progress; null where the detector has heard none.</summary>
    public NodeProgressView? Progress { get; init; }

    /// <summary>Gets what is slow on the node, each in a sentence.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public required string Version { get; init; }

    public IReadOnlyList<string> Handlers { get; init; } = [];

    public static NodeView Of(NodeSnapshot node) => new()
    {
        Name = node.Info.Name,
        Incarnation = node.Info.Incarnation.ToString(),
        Phase = node.Phase,
        Address = node.Info.Address.Endpoint.ToString(),
        ProcessId = node.Info.ProcessId,
        Slots = node.Info.Slots,
        Running = node.Heartbeat?.Running,
        Waiting = node.Heartbeat?.Waiting.Count,
        Hung = node.Heartbeat?.Hung,
        JoinedAt = node.JoinedAt,
        LeaseEndsAt = node.LeaseEndsAt,
        LeaseSeconds = node.EndedAt is null ? Seconds(node.LeaseEndsAt - node.SeenAt) : null,
        HeardAt = node.HeardAt,
        SilentSeconds = Seconds(node.SeenAt - node.HeardAt),
        EndedAt = node.EndedAt,
        RecoveredAt = node.RecoveredAt,
        Phi = node.Phi,
        Order = node.Order?.Kind,
        OrderReason = node.Order?.Reason,
        OrderUntil = node.Order?.EndsAt ?? node.Order?.Deadline,
        UsableSlots = node.Phase is NodePhase.Quarantined or NodePhase.Draining ? 0 : Math.Min(node.Info.Slots, node.Heartbeat?.SlotLimit ?? node.Info.Slots),
        Progress = node.Heartbeat is { } heartbeat ? NodeProgressView.Of(heartbeat) : null,
        Troubles = node.Troubles,
        Labels = node.Info.Labels,
        Version = node.Info.Version,
        Handlers = node.Info.Handlers,
    };

    private static double? Seconds(TimeSpan? span) => span is { } known ? Math.Round(known.TotalSeconds, 1) : null;
}

namespace FaultTolerance.Testing.Checking;

/// <summary>What became of the tasks whose acceptance was acknowledged.</summary>
public sealed record InvariantsReport
{
    /// <summary>The most ids that are listed as examples.</summary>
    public const int MaxExamples = 20;

    /// <summary>Gets how many tasks were acknowledged.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets how many of them have succeeded.</summary>
    public long Succeeded { get; init; }

    /// <summary>Gets how many of them have failed.</summary>
    public long Failed { get; init; }

    /// <summary>Gets how many of them were cancelled.</summary>
    public long Cancelled { get; init; }

    /// <summary>Gets how many of them have no outcome: their row is missing, or not final.</summary>
    public long Lost { get; init; }

    /// <summary>Gets some of the tasks that are lost.</summary>
    public IReadOnlyList<TaskId> LostExamples { get; init; } = [];

    /// <summary>Gets the phase of each of them that has not succeeded; null where its row is missing.</summary>
    public IReadOnlyDictionary<TaskId, TaskPhase?> WithoutResult { get; init; } = new Dictionary<TaskId, TaskPhase?>();

    /// <summary>Gets how many tasks of the store had more than one outcome committed.</summary>
    public long CommittedTwice { get; init; }

    /// <summary>Gets how many tasks have ended with a history that cannot be: attempts missing or twice, or without an end.</summary>
    public long BrokenHistories { get; init; }

    /// <summary>Gets some of them, with what is wrong.</summary>
    public IReadOnlyList<string> BrokenExamples { get; init; } = [];

    /// <summary>Gets how many retries each cause has led to.</summary>
    public IReadOnlyDictionary<FailureKind, long> Retries { get; init; } = new Dictionary<FailureKind, long>();

    /// <summary>Gets how many attempts each life of a node took down with it: those that ended as a crash or with the loss of their node.</summary>
    public IReadOnlyDictionary<NodeIncarnation, long> AttemptsHit { get; init; } = new Dictionary<NodeIncarnation, long>();

    /// <summary>Gets a value indicating whether nothing was lost, nothing committed twice, and every history is whole.</summary>
    public bool Holds => Lost == 0 && CommittedTwice == 0 && BrokenHistories == 0;
}

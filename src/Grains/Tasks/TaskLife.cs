namespace FaultTolerance.Grains.Tasks;

/// <summary>What has happened to a task so far: its attempts and what each cause has cost. Stored inline in the row.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskLife")]
internal sealed record TaskLife
{
    /// <summary>How many attempts are kept. Past it the oldest after the first give way, those whose handlers never started before all others; causes stay counted.</summary>
    public const int MaxAttemptsKept = 100;

    // Before New, which is made with it: static members are initialized in the order in which they stand.
    private static readonly Dictionary<FailureKind, int> NoRetries = [];

    public static TaskLife New { get; } = new();

    /// <summary>Ended attempts, oldest first.</summary>
    [Id(0)] public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    [Id(1)] public IReadOnlyDictionary<FailureKind, int> Retries { get; init; } = NoRetries;

    /// <summary>How many crashes the task was charged with. From two on it runs alone on its node.</summary>
    [Id(2)] public int Charges { get; init; }

    /// <summary>The newest failure; of a final task the one that it ended with.</summary>
    [Id(3)] public TaskFailure? Failure { get; init; }

    /// <summary>How many attempts ended before their handlers started. They count against no limit.</summary>
    [Id(4)] public int Unstarted { get; init; }

    /// <summary>How far the task has come, as its handler saved it last; null before it has, and in a final task.</summary>
    [Id(5)] public SavedProgress? Progress { get; init; }

    public int RetriesOf(FailureKind kind) => Retries.GetValueOrDefault(kind);

    public TaskLife With(AttemptRecord attempt)
    {
        IReadOnlyList<AttemptRecord> attempts = Attempts.Count < MaxAttemptsKept
            ? [.. Attempts, attempt]
            : [.. Attempts.Where((_, i) => i != Dispensable), attempt];
        return this with { Attempts = attempts, Failure = attempt.Failure ?? Failure };
    }

    public TaskLife WithRetry(FailureKind kind) =>
        this with { Retries = new Dictionary<FailureKind, int>(Retries) { [kind] = RetriesOf(kind) + 1 } };

    /// <summary>The place of the kept attempt that says least.</summary>
    private int Dispensable
    {
        get
        {
            var released = Attempts.Skip(1).TakeWhile(attempt => attempt.Outcome != AttemptOutcome.Released).Count() + 1;
            return released < Attempts.Count ? released : 1;
        }
    }
}

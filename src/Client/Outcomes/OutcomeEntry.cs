using FaultTolerance.Gateways;

namespace FaultTolerance.Outcomes;

/// <summary>What the client knows of one task. It stands in at most one list, and is guarded by the table's lock.</summary>
internal sealed class OutcomeEntry(TaskId id)
{
    private const int EntrySize = 200;
    private const int FailureSize = 200;

    private TaskCompletionSource<TaskOutcome>? _source;

    public TaskId Id { get; } = id;

    /// <summary>Gets or sets a value indicating whether the task's submit is under way: a gateway may then not know it yet.</summary>
    public bool IsSubmitting { get; set; }

    /// <summary>Gets or sets a value indicating whether the cluster tells this client of the outcome by itself.</summary>
    public bool IsExpected { get; set; }

    /// <summary>Gets or sets how many callers wait for the outcome.</summary>
    public int Waiters { get; set; }

    /// <summary>Gets the outcome; null before it is known.</summary>
    public TaskOutcome? Outcome { get; private set; }

    /// <summary>Gets roughly how many bytes the outcome holds.</summary>
    public int Size { get; private set; }

    /// <summary>Gets or sets how often the store was asked in vain, from which follows when to ask again; 0 means at once.</summary>
    public int Level { get; set; }

    /// <summary>Gets or sets when the store was last asked, or the first caller began to wait.</summary>
    public TimeSpan Since { get; set; }

    public OutcomeList? List { get; set; }

    public OutcomeEntry? Previous { get; set; }

    public OutcomeEntry? Next { get; set; }

    /// <summary>Gets what ends with the outcome.</summary>
    public Task<TaskOutcome> Ended =>
        Outcome is { } outcome ? Task.FromResult(outcome) : (_source ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Gets or sets who is told of the end beside those who await <see cref="Ended"/>.</summary>
    public Action? Observers { get; set; }

    /// <summary>Takes the outcome, and returns what tells those who wait, to be called once the lock is released.</summary>
    public Action? End(TaskOutcome outcome)
    {
        Outcome = outcome;
        Size = EntrySize + (outcome.Result?.Length ?? 0) + SizeOf(outcome.Failure);
        var source = _source;
        return source is null ? Observers : Observers + (() => source.TrySetResult(outcome));
    }

    /// <summary>Lets everybody who waits fail.</summary>
    public Action? Fail(Exception exception)
    {
        var source = _source;
        source?.Task.Ignore();
        return source is null ? Observers : Observers + (() => source.TrySetException(exception));
    }

    private static int SizeOf(TaskFailure? failure) =>
        failure?.Chain().Sum(link => FailureSize + (2 * (link.Message.Length + (link.StackTrace?.Length ?? 0)))) ?? 0;
}

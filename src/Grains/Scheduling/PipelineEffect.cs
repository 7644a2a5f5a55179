using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Something that a node's pipeline wants done. What has an operation number is answered by an event with the same.</summary>
internal abstract record PipelineEffect;

/// <summary>Insert new rows.</summary>
internal sealed record InsertTasks(long Operation, IReadOnlyList<NewTask> Tasks) : PipelineEffect;

/// <summary>Claim rows that are due.</summary>
internal sealed record ClaimTasks(long Operation, int Limit, long Token, DateTimeOffset? DueFrom) : PipelineEffect;

/// <summary>Return every row that this node owns: an answer was lost, and with it perhaps a claim.</summary>
internal sealed record ListOwned(long Operation) : PipelineEffect;

/// <summary>Write decided changes.</summary>
internal sealed record CommitTasks(long Operation, IReadOnlyList<TaskCommit> Commits) : PipelineEffect;

/// <summary>Resolve the edges that lead to new rows from tasks that have ended already.</summary>
internal sealed record LookAtDependencies(long Operation, IReadOnlyList<TaskId> Dependents) : PipelineEffect;

/// <summary>Resolve the edges that lead from tasks that have ended.</summary>
internal sealed record ResolveEdges(long Operation, IReadOnlyList<TaskId> Ended) : PipelineEffect;

/// <summary>Queue the tasks among these that wait for nothing any more.</summary>
internal sealed record WakeTasks(long Operation, IReadOnlyList<TaskId> Dependents, long Token) : PipelineEffect;

/// <summary>Call the handler.</summary>
internal sealed record StartAttempt(TaskState Task) : PipelineEffect;

/// <summary>Cancel the token of a handler that runs.</summary>
internal sealed record StopAttempt(TaskId Task, int Attempt, StopReason Reason) : PipelineEffect;

/// <summary>Answer calls that came in.</summary>
internal sealed record AnswerSubmission(long Submission, IReadOnlyList<CallAnswer> Answers) : PipelineEffect;

/// <summary>Tell the gateway that calls could not be accepted now.</summary>
internal sealed record RefuseSubmission(long Submission, Exception? Error) : PipelineEffect;

/// <summary>Tell a handler what became of the progress that it wanted saved.</summary>
/// <param name="Task">The task.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Tickets">Which of its saves are answered.</param>
/// <param name="Verdict">The answer.</param>
/// <param name="Reason">Why the store refuses it, where it does.</param>
internal sealed record AnswerProgress(TaskId Task, int Attempt, IReadOnlyList<long> Tickets, ProgressVerdict Verdict, string? Reason) : PipelineEffect;

/// <summary>Tell a task's session of its end, and cancel its children where the end asks for it.</summary>
internal sealed record AnnounceEnd(TaskState Task, byte[]? Result) : PipelineEffect;

/// <summary>Tell other nodes that there is work in the queue.</summary>
internal sealed record HintPeers : PipelineEffect;

/// <summary>Note that a task is queued again after the end of an attempt.</summary>
internal sealed record ReportRequeued(TaskState Task) : PipelineEffect;

/// <summary>Note what a late or lost write meant.</summary>
internal sealed record ReportLostRace(TaskState Before, TaskState After) : PipelineEffect;

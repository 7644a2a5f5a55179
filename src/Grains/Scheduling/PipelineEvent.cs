using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Something that happened to a node's pipeline. It is handled alone, one after another.</summary>
internal abstract record PipelineEvent;

/// <summary>Calls have come in at the gateway.</summary>
internal sealed record Submitted(long Submission, IReadOnlyList<NewTask> Tasks) : PipelineEvent;

/// <summary>One call that has come in: the task as it would be queued.</summary>
/// <param name="State">The task, queued or waiting.</param>
/// <param name="DependsOn">The tasks whose results it needs.</param>
/// <param name="IdempotencyKey">The key that admits one task only.</param>
/// <param name="RunsHere">Whether this node has the handler; if not, the task is left to those that have.</param>
internal sealed record NewTask(TaskState State, IReadOnlyList<TaskId> DependsOn, string? IdempotencyKey, bool RunsHere = true);

/// <summary>The store has answered an <see cref="InsertTasks"/>.</summary>
internal sealed record TasksInserted(long Operation, IReadOnlyList<TaskWriteResult> Results) : PipelineEvent;

/// <summary>The store has answered a <see cref="ClaimTasks"/> or a <see cref="ListOwned"/>.</summary>
internal sealed record TasksClaimed(long Operation, IReadOnlyList<TaskState> Tasks) : PipelineEvent;

/// <summary>The store has answered a <see cref="CommitTasks"/>: which of the writes were applied.</summary>
internal sealed record TasksCommitted(long Operation, IReadOnlyList<bool> Applied) : PipelineEvent;

/// <summary>The store has answered a <see cref="LookAtDependencies"/> or a <see cref="ResolveEdges"/>: whom to try to wake.</summary>
internal sealed record DependentsFound(long Operation, IReadOnlyList<TaskId> Dependents) : PipelineEvent;

/// <summary>The store has answered a <see cref="WakeTasks"/>: who was queued.</summary>
internal sealed record TasksWoken(long Operation, IReadOnlyList<TaskId> Woken) : PipelineEvent;

/// <summary>The store has failed an operation; whether it was carried out may be unknown.</summary>
internal sealed record OperationFailed(long Operation, Exception Error) : PipelineEvent
{
    /// <summary>Whether nothing failed but data of tasks that are named: all others can be asked for again at once.</summary>
    public bool IsOfData => Error is SubmitRejectedException or StoreException { Fault: StoreFault.Data };

    /// <summary>Returns the tasks whose data cannot be stored. The store has answered all other writes of the operation, and gives their answers when asked again.</summary>
    public IReadOnlySet<TaskId> FindRefused() => Error switch
    {
        StoreException { RefusedTasks: { Count: > 0 } tasks } => tasks.ToHashSet(),
        SubmitRejectedException { TaskId: var task } => new HashSet<TaskId> { task },
        _ => new HashSet<TaskId>(),
    };
}

/// <summary>An attempt that runs here has ended.</summary>
/// <param name="Task">The task.</param>
/// <param name="End">How it ended.</param>
/// <param name="Result">The result, as a frame, of an attempt that succeeded.</param>
/// <param name="KeepsSlot">Whether the handler ignores its token and was given up on: it still runs.</param>
internal sealed record AttemptEnded(TaskId Task, AttemptEvent End, byte[]? Result = null, bool KeepsSlot = false) : PipelineEvent;

/// <summary>A handler that was given up on has ended at last.</summary>
internal sealed record SlotFreed(TaskId Task, int Attempt) : PipelineEvent;

/// <summary>A handler that runs here waits for other tasks, and its slot may be used meanwhile; or it has gone on.</summary>
internal sealed record SlotLoanChanged(TaskId Task, int Attempt, bool IsLent) : PipelineEvent;

/// <summary>A handler that runs here wants its progress saved.</summary>
/// <param name="Task">The task.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Ticket">The number under which the handler waits for the answer.</param>
/// <param name="Value">The progress, serialized.</param>
/// <param name="Type">The name of its type.</param>
internal sealed record ProgressReported(TaskId Task, int Attempt, long Ticket, byte[] Value, string Type) : PipelineEvent;

/// <summary>Tasks were made final elsewhere than by an attempt here, for instance cancelled: the rest is to be done.</summary>
internal sealed record TasksEnded(IReadOnlyList<TaskState> Tasks) : PipelineEvent;

/// <summary>An attempt that may run here is void: its task is final, or is somebody else's.</summary>
internal sealed record AttemptVoided(TaskId Task, int Attempt) : PipelineEvent;

/// <summary>Somebody says that there is work in the queue.</summary>
internal sealed record QueueHinted : PipelineEvent;

/// <summary>How many slots the node may use has changed: none while it is quarantined, few and then more when it is let back.</summary>
/// <remarks>What runs goes on. What waits beyond the limit is given back.</remarks>
/// <param name="Slots">How many slots; null for all.</param>
internal sealed record IntakeChanged(int? Slots) : PipelineEvent;

/// <summary>The node holds its lease, or has lost it.</summary>
/// <remarks>
/// A lost lease stops what runs and gives back what waits; what came of it is held until the lease is back, and is then written,
/// each outcome on the condition that its row is still this node's.
/// </remarks>
/// <param name="IsHeld">Whether the lease is held.</param>
/// <param name="Ends">
/// When it ends unless it is renewed, on the node's monotonic clock; at that time the pipeline takes it as lost by
/// itself, also where the process was stopped meanwhile and nobody could say so. Null where only the event tells.
/// </param>
internal sealed record LeaseChanged(bool IsHeld, TimeSpan? Ends = null) : PipelineEvent;

/// <summary>The store is away from every node: what runs here may outlast the lease for a while, for nobody can take it over.</summary>
/// <remarks>Nothing is claimed, started or committed meanwhile. A word on the lease itself ends it.</remarks>
/// <param name="Until">How long, on the node's monotonic clock. A later word lengthens it.</param>
internal sealed record OutageShared(TimeSpan Until) : PipelineEvent;

/// <summary>The node is to take no new work.</summary>
internal sealed record DrainStarted : PipelineEvent;

/// <summary>The drain's time is over: what still runs is to be handed over.</summary>
internal sealed record DrainEnded : PipelineEvent;

/// <summary>The hand-over's time is over, too: handlers that ignore their tokens are given up, and their attempts given back.</summary>
internal sealed record HandOverEnded : PipelineEvent;

/// <summary>Time has passed.</summary>
internal sealed record Ticked : PipelineEvent;

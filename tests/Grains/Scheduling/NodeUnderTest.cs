using System.Buffers.Binary;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>A node's pipeline and the little language its tests are written in: feed an event, look at the effects, answer as the store.</summary>
internal sealed class NodeUnderTest
{
    public const string Name = "node-1";

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<PipelineEffect> _open = [];
    private DateTimeOffset _reading = Noon;
    private long _lastSubmission;

    public NodeUnderTest(Action<TaskPipelineOptions>? configure = null, int seed = 1, TimeSpan? leaseEnds = null)
    {
        var options = new TaskPipelineOptions { Slots = 2, PrefetchFactor = 1 };
        configure?.Invoke(options);
        Options = options;
        Pipeline = new TaskPipeline(Incarnation, Name, options, new Random(seed));
        When(new LeaseChanged(true, leaseEnds)).StoreClaims();
    }

    public static NodeIncarnation Incarnation { get; } = NodeIncarnation.New(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), 7);

    public static Exception StoreIsAway { get; } = new StoreException(StoreFault.Unreachable, "The store is away.", isOutcomeUnknown: true);

    public TaskPipeline Pipeline { get; }

    public TaskPipelineOptions Options { get; }

    /// <summary>The store's time as the node takes it: while the store's clock, set back, is behind what it showed before, it stands still.</summary>
    public DateTimeOffset Now { get; private set; } = Noon;

    /// <summary>The monotonic time: how long the test has run.</summary>
    public TimeSpan Monotonic { get; private set; }

    /// <summary>How long it is until the pipeline wants a tick; null for never.</summary>
    public TimeSpan? NextTick => PipelineContext.Earlier(Pipeline.NextDue - _reading, Pipeline.NextWake - Monotonic);

    /// <summary>What the last event made the pipeline want.</summary>
    public IReadOnlyList<PipelineEffect> Wanted { get; private set; } = [];

    /// <summary>The operations that the store has not answered.</summary>
    public IReadOnlyList<PipelineEffect> Open => _open;

    public IEnumerable<TaskId> Started => Wanted.OfType<StartAttempt>().Select(start => start.Task.Id);

    public static TaskId Id(int number)
    {
        var bytes = new byte[TaskId.ByteLength];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), number);
        return TaskId.FromBytes(bytes);
    }

    /// <summary>A task as the gateway admits it.</summary>
    public NewTask Call(int number, TimeSpan startAfter = default, TaskRetryPolicy? retry = null, params int[] dependsOn) => new(
        new TaskState
        {
            Id = Id(number),
            Spec = new TaskSpec { Handler = "work", Retry = retry },
            Phase = dependsOn.Length > 0 ? TaskPhase.Waiting : TaskPhase.Queued,
            Token = number,
            Created = Now,
            Due = Now + startAfter,
        },
        [.. dependsOn.Select(Id)],
        null);

    /// <summary>A task as the store hands it out to this node.</summary>
    public TaskState Claimed(int number, int attempt = 1, int charges = 0) => Call(number).State with
    {
        Phase = TaskPhase.Running,
        Attempt = attempt,
        Owner = Incarnation,
        Claimed = _reading,
        Life = TaskLife.New with { Charges = charges },
    };

    public NodeUnderTest When(params PipelineEvent[] happened)
    {
        Wanted = [.. Pipeline.Handle(happened, Now, Monotonic)];
        _open.AddRange(Wanted.Where(effect => OperationOf(effect) is not null));
        return this;
    }

    public NodeUnderTest AfterAWhile(TimeSpan time)
    {
        return Sleeps(time).When(new Ticked());
    }

    /// <summary>Time passes without the process noticing: it was stopped.</summary>
    public NodeUnderTest Sleeps(TimeSpan time)
    {
        (_reading, Monotonic) = (_reading + time, Monotonic + time);
        Now = _reading > Now ? _reading : Now;
        return this;
    }

    /// <summary>Somebody sets the store's clock. No time passes.</summary>
    public NodeUnderTest StoreClockSteps(TimeSpan by)
    {
        _reading += by;
        Now = _reading > Now ? _reading : Now;
        return When(new Ticked());
    }

    public NodeUnderTest Submits(params NewTask[] calls) => When(new Submitted(++_lastSubmission, calls));

    /// <summary>Returns the one effect of a kind that the last event led to.</summary>
    public T The<T>()
        where T : PipelineEffect => Assert.Single(Wanted.OfType<T>());

    public NodeUnderTest Wants(params Type[] effects)
    {
        Assert.Equal(effects, Wanted.Select(effect => effect.GetType()));
        return this;
    }

    public bool WantsAny<T>()
        where T : PipelineEffect => Wanted.OfType<T>().Any();

    public NodeUnderTest Starts(params int[] tasks)
    {
        Assert.Equal(tasks.Select(Id), Started);
        return this;
    }

    public NodeUnderTest StoreInserts(params TaskWriteResult[] results) => Answer<InsertTasks>(e =>
        new TasksInserted(e.Operation, results.Length > 0 ? results : [.. e.Tasks.Select(_ => TaskWriteResult.Applied)]));

    public NodeUnderTest StoreClaims(params TaskState[] tasks) => Answer<ClaimTasks>(e => new TasksClaimed(e.Operation, tasks));

    public NodeUnderTest StoreLists(params TaskState[] tasks) => Answer<ListOwned>(e => new TasksClaimed(e.Operation, tasks));

    public NodeUnderTest StoreCommits(bool applied = true) => Answer<CommitTasks>(e => new TasksCommitted(e.Operation, [.. e.Commits.Select(_ => applied)]));

    /// <summary>The store fails the oldest open operation of a kind.</summary>
    public NodeUnderTest StoreFails<T>()
        where T : PipelineEffect => Answer<T>(e => new OperationFailed(OperationOf(e)!.Value, StoreIsAway));

    /// <summary>The store refuses the data of one outcome of the oldest open commit.</summary>
    public NodeUnderTest StoreRefuses(int task) => Answer<CommitTasks>(e =>
        new OperationFailed(e.Operation, new StoreException(StoreFault.Data, "Too odd.") { RefusedTasks = [Id(task)] }));

    /// <summary>Answers the oldest open operation of a kind.</summary>
    public NodeUnderTest Answer<T>(Func<T, PipelineEvent> answer)
        where T : PipelineEffect
    {
        var asked = Assert.IsType<T>(_open.FirstOrDefault(effect => effect is T));
        return Answer(asked, answer(asked));
    }

    public NodeUnderTest Answer(PipelineEffect asked, PipelineEvent answer)
    {
        _open.RemoveAll(effect => ReferenceEquals(effect, asked));
        return When(answer);
    }

    public NodeUnderTest Succeeds(int task, int attempt = 1, bool keepsSlot = false) =>
        When(new AttemptEnded(Id(task), new AttemptSucceeded(attempt, Incarnation, Name, Now), [1], keepsSlot));

    /// <summary>A handler saves a number as its progress, under the same number as its ticket.</summary>
    public NodeUnderTest Saves(int task, byte progress, int attempt = 1) => When(Save(task, progress, attempt));

    public static ProgressReported Save(int task, byte progress, int attempt = 1) => new(Id(task), attempt, progress, [progress], "byte");

    public NodeUnderTest Fails(int task, FailureKind kind = FailureKind.UserException, int attempt = 1, bool mayRetry = true, bool keepsSlot = false)
    {
        var failure = new TaskFailure { Kind = kind, Message = "It failed." };
        return When(new AttemptEnded(Id(task), new AttemptFailed(attempt, Incarnation, Name, Now, failure, mayRetry), KeepsSlot: keepsSlot));
    }

    public static long? OperationOf(PipelineEffect effect) => effect switch
    {
        InsertTasks e => e.Operation,
        ClaimTasks e => e.Operation,
        ListOwned e => e.Operation,
        CommitTasks e => e.Operation,
        LookAtDependencies e => e.Operation,
        ResolveEdges e => e.Operation,
        WakeTasks e => e.Operation,
        _ => null,
    };
}

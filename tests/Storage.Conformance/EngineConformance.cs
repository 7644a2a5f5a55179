using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>The base of every suite: an engine on an empty database of its own, and the words that the tests are written in.</summary>
/// <remarks>An engine's test project derives one class from each suite and says how to open the engine.</remarks>
public abstract class EngineConformance : IAsyncLifetime
{
    private IStorageEngine? _engine;
    private long _lastToken;

    /// <summary>A time before the store's now.</summary>
    protected static DateTimeOffset Past { get; } = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A time after the store's now.</summary>
    protected static DateTimeOffset Future { get; } = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Three lives of nodes.</summary>
    protected static NodeIncarnation Node1 => new(1_001);

    protected static NodeIncarnation Node2 => new(1_002);

    protected static NodeIncarnation Node3 => new(1_003);

    /// <summary>The engine, initialized, on a database that held nothing before the test.</summary>
    protected IStorageEngine Engine => _engine ?? throw new InvalidOperationException("The engine is not open.");

    /// <summary>Makes an engine on an empty database; the suite initializes and disposes of it.</summary>
    protected abstract Task<IStorageEngine> OpenAsync();

    /// <summary>Makes of a good insert one that the engine refuses as bad data.</summary>
    protected virtual TaskInsert Poison(TaskInsert insert) =>
        insert with { Row = insert.Row with { Handler = new string('x', StoreLimits.Handler + 1) } };

    public async ValueTask InitializeAsync()
    {
        _engine = await OpenAsync();
        await StartAsync(_engine);
    }

    /// <summary>Initializes the engine.</summary>
    protected virtual Task StartAsync(IStorageEngine engine) => engine.InitializeAsync(CancellationToken.None);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    protected long NewToken() => Interlocked.Increment(ref _lastToken);

    /// <summary>A task that nobody has stored yet: queued and due unless said otherwise.</summary>
    protected TaskInsert NewTask(
        TaskPhase phase = TaskPhase.Queued, DateTimeOffset? due = null, NodeIncarnation owner = default, string handler = "test.run@1") =>
        new(new TaskRow
        {
            Id = TaskId.New(),
            Phase = phase,
            Attempt = phase == TaskPhase.Running ? 1 : 0,
            Owner = owner,
            Token = NewToken(),
            Due = due ?? Past,
            Claimed = phase == TaskPhase.Running ? Past : null,
            Finished = phase.IsFinal() ? Past : null,
            Handler = handler,
            Spec = [0, 1, 2, 3],
            Life = [4, 5],
            Result = phase.IsFinal() ? [0, 9] : null,
        });

    protected static TaskInsert WithId(TaskInsert insert, TaskId id) => insert with { Row = insert.Row with { Id = id } };

    /// <summary>An update that the row meets and that changes nothing but the token.</summary>
    protected TaskUpdate Touch(TaskRow row) => new(row.Id, NewToken())
    {
        IfPhase = row.Phase,
        IfAttempt = row.Attempt,
        IfOwner = row.Owner,
        Phase = row.Phase,
        Attempt = row.Attempt,
        Owner = row.Owner,
        Due = row.Due,
        Life = row.Life,
        Result = row.Result,
        Finished = row.Finished,
    };

    /// <summary>The update that makes a row final.</summary>
    protected TaskUpdate Finish(TaskRow row, TaskPhase phase = TaskPhase.Succeeded, DateTimeOffset? finished = null) =>
        Touch(row) with { Phase = phase, Owner = NodeIncarnation.None, Result = [0, 7, 7], Finished = finished ?? Past };

    protected async Task<TaskWriteResult> WriteAsync(TaskWrite write) => Assert.Single(await WriteAllAsync([write]));

    /// <summary>Commits writes in one batch, in the order of their ids as an engine demands it, and answers in the order given.</summary>
    protected async Task<IReadOnlyList<TaskWriteResult>> WriteAllAsync(IReadOnlyList<TaskWrite> writes)
    {
        var order = Enumerable.Range(0, writes.Count).OrderBy(i => writes[i].Id).ToArray();
        var results = await RepeatAsync(
            () => Engine.CommitTasksAsync([.. order.Select(i => writes[i])], CancellationToken.None));
        var answers = new TaskWriteResult[writes.Count];
        for (var i = 0; i < order.Length; i++)
        {
            answers[order[i]] = results[i];
        }

        return answers;
    }

    /// <summary>Stores tasks and asserts that each was stored.</summary>
    protected async Task<IReadOnlyList<TaskRow>> StoreAsync(params IReadOnlyList<TaskInsert> inserts)
    {
        Assert.All(await WriteAllAsync(inserts), result => Assert.Equal(TaskWriteResult.Applied, result));
        return [.. inserts.Select(insert => insert.Row)];
    }

    protected async Task<TaskRow> ReadAsync(TaskId id) => Assert.Single(await Engine.ReadAsync([id], CancellationToken.None));

    protected async Task<bool> ExistsAsync(TaskId id) => (await Engine.ReadAsync([id], CancellationToken.None)).Count > 0;

    protected Task<IReadOnlyList<TaskRow>> ClaimAsync(
        NodeIncarnation owner, int limit = 100, DateTimeOffset? dueFrom = null, IReadOnlyList<string>? handlers = null)
    {
        var claim = new TaskClaim
        {
            Owner = owner,
            Token = NewToken(),
            Limit = limit,
            DueFrom = dueFrom,
            Handlers = handlers ?? ["test.run@1"],
        };
        return RepeatAsync(() => Engine.ClaimAsync(claim, CancellationToken.None));
    }

    /// <summary>Repeats what lost against another transaction: an engine says so and leaves the repeat to its caller.</summary>
    protected static async Task<T> RepeatAsync<T>(Func<Task<T>> operation)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (StoreException exception) when (exception.Fault == StoreFault.Contention)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Starts an operation of many callers at the same instant, each on a thread of its own.</summary>
    protected static async Task<IReadOnlyList<T>> TogetherAsync<T>(int callers, Func<int, Task<T>> operation)
    {
        using var start = new Barrier(callers);
        return await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return operation(caller);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }

    protected static void AssertSame(TaskRow expected, TaskRow actual)
    {
        Assert.Equal(expected.Spec, actual.Spec);
        Assert.Equal(expected.Life, actual.Life);
        Assert.Equal(expected.Result, actual.Result);
        Assert.Equal(expected with { Spec = [], Life = [], Result = null }, actual with
        {
            Spec = [],
            Life = [],
            Result = null,
            Created = expected.Created,
        }, SameButForArrays);
    }

    private static bool SameButForArrays(TaskRow left, TaskRow right) =>
        (left.Id, left.Phase, left.Attempt, left.Owner, left.Token, left.Handler)
            == (right.Id, right.Phase, right.Attempt, right.Owner, right.Token, right.Handler)
        && (left.Due, left.Created, left.Claimed, left.Deadline, left.Finished)
            == (right.Due, right.Created, right.Claimed, right.Deadline, right.Finished);
}

using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Storage.Tests;

/// <summary>A store over an engine whose faults and time the test holds in its hands.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private long _lastToken;

    private StoreUnderTest(FaultyEngine engine, ManualTime time, IDurableStore store) => (Engine, Time, Store) = (engine, time, store);

    public FaultyEngine Engine { get; }

    public ManualTime Time { get; }

    public IDurableStore Store { get; }

    /// <summary>How many rows each commit of tasks held, in order.</summary>
    public IEnumerable<int> Commits =>
        Engine.Calls.Where(call => call.Operation == nameof(IStorageEngine.CommitTasksAsync)).Select(call => call.Rows);

    public static async Task<StoreUnderTest> OpenAsync(int lanes = 1, StoreOptions? options = null)
    {
        var time = new ManualTime();
        var engine = new FaultyEngine(InMemoryStore.CreateEngine(time)) { Lanes = lanes };
        return new StoreUnderTest(engine, time, await DurableStoreFactory.OpenAsync(engine, options, time, seed: 42));
    }

    public TaskInsert NewTask(TaskPhase phase = TaskPhase.Queued) => new(new TaskRow
    {
        Id = TaskId.New(),
        Phase = phase,
        Token = ++_lastToken,
        Due = DateTimeOffset.UnixEpoch,
        Handler = "test.run@1",
        Spec = [0, 1],
    });

    public TaskInsert[] NewTasks(int count) => [.. Enumerable.Range(0, count).Select(_ => NewTask())];

    /// <summary>An insert that no engine takes.</summary>
    public TaskInsert PoisonTask()
    {
        var insert = NewTask();
        return insert with { Row = insert.Row with { Handler = new string('x', StoreLimits.Handler + 1) } };
    }

    /// <summary>The write after another one of the same row.</summary>
    public TaskUpdate After(TaskWrite write, TaskPhase phase = TaskPhase.Queued) => new(write.Id, ++_lastToken)
    {
        IfPhase = TaskPhase.Queued,
        IfAttempt = 0,
        IfOwner = NodeIncarnation.None,
        IfToken = write.Token,
        Phase = phase,
        Attempt = 0,
        Due = DateTimeOffset.UnixEpoch,
        Life = [],
        Finished = phase.IsFinal() ? DateTimeOffset.UnixEpoch : null,
    };

    public async Task<TaskRow> ReadAsync(TaskId id) => Assert.Single(await Store.ReadAsync([id], CancellationToken.None));

    public async Task<int> CountStoredAsync(IEnumerable<TaskWrite> writes) =>
        (await Store.ReadAsync([.. writes.Select(write => write.Id)], CancellationToken.None)).Count;

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}

using System.Collections;
using System.Linq.Expressions;
using FaultTolerance.Testing.Journals;

namespace FaultTolerance.Testing.Tests.Journals;

public sealed class JournalingClientTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-");
    private readonly ClientJournal _journal;
    private readonly CountingClient _client = new();

    public JournalingClientTests() => _journal = ClientJournal.Open(Path.Join(_folder.FullName, "acknowledged"));

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Acknowledged_ids_are_noted_in_their_order()
    {
        var client = new JournalingClient(_client, _journal);

        var one = await client.SubmitAsync((IHandlers h) => h.Square(1));
        var many = await client.SubmitManyAsync((IHandlers h, int i) => h.Square(i), Enumerable.Range(0, 1_234));

        Assert.Equal([one.TaskId, .. many.Select(m => m.TaskId)], ClientJournal.Read(_journal.Path));
        Assert.Equal([500, 500, 234], _client.Batches);
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_failure_is_noted()
    {
        _client.FailsAtBatch = 2;
        var client = new JournalingClient(_client, _journal);

        await Assert.ThrowsAsync<TimeoutException>(() => client.SubmitManyAsync((IHandlers h, int i) => h.Square(i), Enumerable.Range(0, 600)));

        Assert.Equal(500, _journal.Count);
    }

    internal interface IHandlers
    {
        int Square(int number);
    }

    private sealed class CountingClient : IFaultToleranceClient
    {
        public int FailsAtBatch { get; set; }

        public List<int> Batches { get; } = [];

        public SessionId Session { get; } = SessionId.New();

        public Task<TaskId> SubmitCallAsync(LambdaExpression call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(TaskId.New());

        public Task<IReadOnlyList<TaskId>> SubmitCallsAsync(
            LambdaExpression call, IEnumerable items, SubmitOptions? options = null, CancellationToken cancellationToken = default)
        {
            TaskId[] ids = [.. items.Cast<object>().Select(_ => TaskId.New())];
            Batches.Add(ids.Length);
            return Batches.Count == FailsAtBatch ? throw new TimeoutException() : Task.FromResult<IReadOnlyList<TaskId>>(ids);
        }

        public Task<T> GetAsync<T>(ObjectRef<T> reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<WaitResult> WaitAsync(
            IEnumerable<IObjectRef> references, int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<TaskSnapshot?> CancelAsync(TaskId id, string? reason = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<TaskSnapshot?> GetSnapshotAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<TaskHistory?> GetHistoryAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<TaskLineage?> GetLineageAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}

using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.InMemory;

/// <summary>The engine that tests and simulations run on: the contracts' meaning in its plainest form.</summary>
/// <remarks>One lock around plain tables. Whatever another engine answers, this one answers too.</remarks>
internal sealed partial class InMemoryEngine(TimeProvider timeProvider) : IStorageEngine
{
    private readonly Lock _lock = new();
    private readonly TaskTable _tasks = new();
    private readonly NodeTable _nodes = new();
    private readonly EventTable _events = new();
    private readonly Dictionary<string, GrainStateRow> _states = new(StringComparer.Ordinal);

    public string Name => "memory";

    public int WriteLanes => 1;

    private DateTimeOffset Now => StoreTime.Round(timeProvider.GetUtcNow());

    public Task<StoreDescription> InitializeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new StoreDescription(Name, "this process", 1, new Dictionary<string, string> { ["durable"] = "no" }) { IsOfOneMachine = true });

    public Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) => Do(() => Now, cancellationToken);

    public Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<TaskWriteResult>>(() =>
        {
            BatchRules.Check(writes);
            var results = new TaskWriteResult[writes.Count];
            var now = Now;
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = _tasks.Write(writes[i], now);
            }

            return results;
        }, cancellationToken);

    public Task<IReadOnlyList<bool>> CommitStatesAsync(IReadOnlyList<GrainStateWrite> writes, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<bool>>(() =>
        {
            BatchRules.Check(writes);
            var results = new bool[writes.Count];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = Write(writes[i]);
            }

            return results;
        }, cancellationToken);

    public Task<GrainStateRow?> ReadStateAsync(string key, CancellationToken cancellationToken) =>
        Do(() => _states.GetValueOrDefault(key), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool Write(GrainStateWrite write)
    {
        if (_states.GetValueOrDefault(write.Key)?.Token != write.IfToken)
        {
            return false;
        }

        _states[write.Key] = new GrainStateRow(write.Token, write.State);
        return true;
    }

    private Task<T> Do<T>(Func<T> operation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_lock)
            {
                return Task.FromResult(operation());
            }
        }
        catch (StoreException exception)
        {
            return Task.FromException<T>(exception);
        }
    }
}

using FaultTolerance.Storage;
using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The durable store as one node sees it: every call is one step, done when it returns. When that is, is the network's affair.</summary>
/// <param name="engine">The engine that all nodes share.</param>
/// <param name="clock">The store's time as this node knows it.</param>
/// <param name="random">Where tokens come from.</param>
internal class SimulatedStore(IStorageEngine engine, StoreClock clock, Random random) : EngineDecorator(engine), IDurableStore
{
    public StoreDescription Description { get; } = new("simulated", "here", 1, new Dictionary<string, string>());

    public DateTimeOffset Now => clock.Now;

    public DateTimeOffset ClockReading => clock.Reading;

    public int ClockSteps => clock.Steps;

    public TimeSpan ClockError => clock.Error;

    public long NewToken() => random.NextInt64(1, long.MaxValue);

    public async Task<TaskWriteResult> WriteTaskAsync(TaskWrite write, CancellationToken cancellationToken = default) =>
        (await WriteTasksAsync([write], cancellationToken))[0];

    public async Task<IReadOnlyList<TaskWriteResult>> WriteTasksAsync(
        IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken = default)
    {
        var results = new TaskWriteResult[writes.Count];
        var rest = Enumerable.Range(0, writes.Count).ToList();
        while (rest.Count > 0)
        {
            // A batch of the engine names each row once. A second write of the same row goes into the next.
            var batch = rest.DistinctBy(i => writes[i].Id).OrderBy(i => writes[i].Id).ToList();
            rest = batch.Count == rest.Count ? [] : [.. rest.Except(batch)];
            var answers = await CommitTasksAsync([.. batch.Select(i => writes[i])], cancellationToken);
            for (var i = 0; i < batch.Count; i++)
            {
                results[batch[i]] = await SettleAsync(writes[batch[i]], answers[i], cancellationToken);
            }
        }

        return results;
    }

    public async Task<bool> WriteStateAsync(GrainStateWrite write, CancellationToken cancellationToken = default) =>
        (await CommitStatesAsync([write], cancellationToken))[0];

    /// <summary>Returns the answer of a call, which is there when the call returns. One that is not would come at a time that nobody controls.</summary>
    public static T Done<T>(Task<T> call)
    {
        Done((Task)call);
        return call.GetAwaiter().GetResult();
    }

    public static void Done(Task call)
    {
        if (!call.IsCompleted)
        {
            throw new InvalidOperationException("A call to the simulated store has to be one step.");
        }

        call.GetAwaiter().GetResult();
    }

    /// <summary>A row that carries the writer's token is the writer's own success, told again.</summary>
    private async Task<TaskWriteResult> SettleAsync(TaskWrite write, TaskWriteResult answer, CancellationToken cancellationToken) =>
        !answer.IsApplied && await ReadAsync([write.Id], cancellationToken) is [var row] && row.Token == write.Token
            ? TaskWriteResult.Applied
            : answer;
}

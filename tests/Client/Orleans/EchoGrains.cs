using System.Collections.Concurrent;
using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Gateways;
using FaultTolerance.Payloads;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace FaultTolerance.Client.Tests.Orleans;

/// <summary>A gateway that accepts every call and answers with its first argument.</summary>
[StatelessWorker]
internal sealed class EchoGatewayGrain(Serializer serializer) : Grain, ITaskGatewayGrain
{
    private static readonly ConcurrentDictionary<TaskId, TaskOutcome> Ended = new();

    public async Task<IReadOnlyList<SubmitReply>> SubmitAsync(Immutable<IReadOnlyList<TaskCall>> calls)
    {
        foreach (var session in calls.Value.GroupBy(call => call.Header.Session!.Value))
        {
            IReadOnlyList<TaskOutcome> outcomes = [.. session.Select(Run)];
            Assert.True(await GrainFactory.GetGrain<ISessionGrain>(session.Key.Value).TellAsync(outcomes));
        }

        return [.. calls.Value.Select(call => new SubmitReply { Id = call.Id })];
    }

    public Task<IReadOnlyList<TaskOutcome>> GetOutcomesAsync(IReadOnlyList<TaskId> ids) => Task.FromResult<IReadOnlyList<TaskOutcome>>(
        [.. ids.Select(id => Ended.TryGetValue(id, out var outcome) ? outcome : new TaskOutcome { Id = id, IsUnknown = true })]);

    public Task<TaskOutcome?> GetResultAsync(TaskId id) => Task.FromResult(Ended.GetValueOrDefault(id));

    private TaskOutcome Run(TaskCall call)
    {
        var path = serializer.Deserialize<string>(call.Arguments[0].Value)!;
        var outcome = new TaskOutcome
        {
            Id = call.Id,
            Phase = TaskPhase.Succeeded,
            Result = PayloadFrame.Join(serializer.SerializeToArray(new Digest(path, path.Length))),
        };
        return Ended[call.Id] = outcome;
    }
}

/// <summary>A mailbox.</summary>
[Reentrant]
internal sealed class EchoSessionGrain : Grain, ISessionGrain
{
    private IOutcomeListener? _listener;

    public Task ListenAsync(IOutcomeListener listener, TimeSpan period)
    {
        _listener = listener;
        return Task.CompletedTask;
    }

    public async Task<bool> TellAsync(IReadOnlyList<TaskOutcome> outcomes)
    {
        await _listener!.OnOutcomesAsync(outcomes);
        return true;
    }
}

/// <summary>A user's grain that submits tasks in its own turn.</summary>
[Alias("ft.tests.ISubmittingGrain")]
internal interface ISubmittingGrain : IGrainWithIntegerKey
{
    [Alias("Digest")]
    Task<Digest> DigestAsync(string path);
}

/// <inheritdoc/>
internal sealed class SubmittingGrain(IFaultToleranceClient client) : Grain, ISubmittingGrain
{
    public async Task<Digest> DigestAsync(string path)
    {
        var scheduler = TaskScheduler.Current;
        var reference = await client.SubmitAsync((FileTasks t) => t.Digest(path));
        Assert.Same(scheduler, TaskScheduler.Current);
        var digest = await client.GetAsync(reference);
        Assert.Same(scheduler, TaskScheduler.Current);
        return digest;
    }
}

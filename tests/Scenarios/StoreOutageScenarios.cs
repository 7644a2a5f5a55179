using FaultTolerance.Gateways;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>What a gateway says while the store gives it no answer.</summary>
public sealed class StoreOutageScenarios
{
    private static readonly Serializer<int> Numbers = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<int>>();

    [Fact]
    public async Task A_submit_of_which_the_store_gave_no_answer_is_not_said_to_be_refused_and_its_repeat_settles_it()
    {
        await using var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System));
        await using var cluster = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers);
        var call = new TaskCall { Id = TaskId.New(), Header = new CallHeader { Handler = "scenario.add" }, Arguments = [Value(1), Value(2)] };
        engine.Plan = asked => asked.Operation == nameof(IStorageEngine.CommitTasksAsync) ? InjectedFault.Unusable : InjectedFault.None;

        var unknown = await SubmitAsync(cluster, call);
        engine.Plan = FaultPlans.Nothing;
        var settled = await SubmitAsync(cluster, call);

        Assert.Equal((SubmitRejection.Busy, true), (unknown.Rejection, unknown.MayBeAccepted));
        Assert.Equal((call.Id, null), (settled.Id, settled.Rejection));
        Assert.Equal(3, await cluster.Client.GetAsync(new ObjectRef<int>(call.Id)));
    }

    private static async Task<SubmitReply> SubmitAsync(FaultyCluster cluster, TaskCall call) =>
        Assert.Single(await cluster.Orleans.GetGrain<ITaskGatewayGrain>(0).SubmitAsync(((IReadOnlyList<TaskCall>)[call]).AsImmutable()));

    private static TaskArgument Value(int value) => new() { Value = Numbers.SerializeToArray(value) };
}

using FaultTolerance.Gateways;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>A batch with a call that the store cannot hold.</summary>
public sealed class NotStorableScenarios
{
    private const int Calls = 500;

    // Twice the depth of the halving that finds one row among them, and one more batch; not a batch for each call.
    private const int MostCommits = 2 * 9 + 2;

    private static readonly Serializer<int> Numbers = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<int>>();

    [Fact]
    public async Task A_call_that_cannot_be_stored_is_named_and_the_others_of_its_batch_go_in_one_more()
    {
        await using var engine = new RefusingEngine(InMemoryStore.CreateEngine(TimeProvider.System));
        await using var cluster = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers);
        TaskCall[] calls = [.. Enumerable.Range(0, Calls).Select(i => Call(i == 123 ? "a\0b" : null))];

        var replies = await cluster.Orleans.GetGrain<ITaskGatewayGrain>(0).SubmitAsync(((IReadOnlyList<TaskCall>)calls).AsImmutable());

        Assert.InRange(engine.Commits, 1, MostCommits);
        Assert.Equal(
            (calls[123].Id, SubmitRejection.NotStorable, false, "The store cannot hold the task: A text holds the character 0."),
            (replies[123].Id, replies[123].Rejection, replies[123].MayBeAccepted, replies[123].Message));
        Assert.All(replies.Where((_, i) => i != 123), reply => Assert.Null(reply.Rejection));
        Assert.Equal(TaskPhase.Queued, (await cluster.Client.GetSnapshotAsync(calls[499].Id))!.Phase);
        Assert.Null(await cluster.Client.GetSnapshotAsync(calls[123].Id));
    }

    // None is due, so that the store writes nothing but these.
    private static TaskCall Call(string? key) => new()
    {
        Id = TaskId.New(),
        Header = new CallHeader { Handler = "scenario.add", Options = new SubmitOptions { IdempotencyKey = key, StartAfter = TimeSpan.FromDays(1) } },
        Arguments = [Value(1), Value(2)],
    };

    private static TaskArgument Value(int value) => new() { Value = Numbers.SerializeToArray(value) };
}

using FaultTolerance.Grains.Execution;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>A cluster whose silos have different handlers.</summary>
public sealed class HandlerScenarios
{
    [Fact]
    public async Task A_call_is_checked_against_the_handler_of_another_silo_as_against_one_of_the_gateways_own()
    {
        var silos = 0;
        await using var cluster = await FaultyCluster.StartAsync(nodes: 2, silo => AddHandlers(silo, Interlocked.Increment(ref silos)));

        foreach (var client in new[] { 0, 1 }.Select(silo => cluster.SiloServices(silo).GetRequiredService<IFaultToleranceClient>()))
        {
            var count = await Assert.ThrowsAsync<SubmitRejectedException>(() => client.SubmitAsync((SubmitScenarios.IOldAdd t) => t.Add(1)));
            var type = await Assert.ThrowsAsync<SubmitRejectedException>(() => client.SubmitAsync((SubmitScenarios.IOtherAdd t) => t.Add("1", 2)));
            var good = await client.SubmitAsync((SubmitScenarios.IAddByInterface t) => t.Add(1, 2));
            var other = await client.SubmitAsync((OtherTasks t) => t.Twice(21));

            Assert.Equal((SubmitRejection.InvalidArguments, SubmitRejection.InvalidArguments), (count.Reason, type.Reason));
            Assert.Contains("takes 2 arguments (System.Int32, System.Int32)", count.Message, StringComparison.Ordinal);
            Assert.Equal((3, 42), (await client.GetAsync(good), await client.GetAsync(other)));
        }
    }

    [Fact]
    public async Task A_call_of_a_handler_that_only_one_silo_has_runs_there_whichever_gateway_takes_it()
    {
        var silos = 0;
        await using var cluster = await FaultyCluster.StartAsync(nodes: 2, silo => AddHandlers(silo, Interlocked.Increment(ref silos)));
        var owner = new[] { 0, 1 }.Select(cluster.SiloServices).Single(silo => silo.GetRequiredService<HandlerRegistry>().TryGet("scenario.where", 1, out _));
        var name = owner.GetRequiredService<IOptions<SiloOptions>>().Value.SiloName;

        foreach (var client in new[] { 0, 1 }.Select(silo => cluster.SiloServices(silo).GetRequiredService<IFaultToleranceClient>()))
        {
            var tasks = await client.SubmitManyAsync((OtherTasks t, int number) => t.Where(number), Enumerable.Range(0, 50));

            Assert.All(await Task.WhenAll(tasks.Select(task => client.GetAsync(task))), where => Assert.Equal(name, where));
        }
    }

    [Fact]
    public async Task A_record_that_is_not_marked_for_the_serializer_is_rejected_with_the_remedy_and_nothing_is_enqueued()
    {
        await using var cluster = await FaultyCluster.StartAsync(nodes: 1, ClusterFixture.AddHandlers);

        var alone = await Assert.ThrowsAsync<SubmitRejectedException>(() => cluster.Client.SubmitAsync((ITextOfRecord t) => t.Text(new Unmarked("text"))));
        var many = await Assert.ThrowsAsync<SubmitRejectedException>(
            () => cluster.Client.SubmitManyAsync((ITextOfRecord t, Unmarked item) => t.Text(item), [new Unmarked("one"), new Unmarked("other")]));

        Assert.Equal((SubmitRejection.NotSerializable, SubmitRejection.NotSerializable), (alone.Reason, many.Reason));
        Assert.All([alone, many], rejected => Assert.EndsWith(
            "Unmarked, which cannot be serialized. Mark the type with [GenerateSerializer] and its members with [Id(n)], or pass a type that is.", rejected.Message, StringComparison.Ordinal));
        Assert.Equal(0, (await cluster.Engine.CountAsync(TestContext.Current.CancellationToken)).Values.Sum());
    }

    private static void AddHandlers(ISiloBuilder silo, int number) => silo.AddTaskHandlers(handlers =>
    {
        if (number == 1)
        {
            handlers.Add<ScenarioTasks>();
        }
        else
        {
            handlers.Add<OtherTasks>();
        }
    });

    public sealed class OtherTasks(ILocalSiloDetails silo)
    {
        private readonly int _factor = 2;

        [TaskHandler("scenario.twice")]
        public int Twice(int value) => _factor * value;

        [TaskHandler("scenario.where")]
        public string Where(int number) => silo.Name;
    }

    /// <summary>Has another type in the place of a text.</summary>
    public interface ITextOfRecord
    {
        [TaskHandler("scenario.text")]
        string Text(Unmarked text);
    }

    public sealed record Unmarked(string Value);
}

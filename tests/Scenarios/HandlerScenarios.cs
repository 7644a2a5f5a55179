using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;

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

    public sealed class OtherTasks
    {
        private readonly int _factor = 2;

        [TaskHandler("scenario.twice")]
        public int Twice(int value) => _factor * value;
    }
}

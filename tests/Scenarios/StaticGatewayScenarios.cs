using System.Net;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Hosting;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>A client that is told the addresses of gateways, and nothing of the store.</summary>
public sealed class StaticGatewayScenarios
{
    private const string Name = "static-gateways";

    [Fact]
    public async Task A_client_with_a_static_list_of_gateways_and_no_store_submits_and_gets_a_result()
    {
        using var reserved = PortReservation.Take(2, Environment.ProcessId);
        using var silo = await StartSiloAsync(reserved.Ports[0], reserved.Ports[1]);
        using var host = await StartClientAsync(reserved.Ports[1]);
        var client = host.Services.GetRequiredService<IFaultToleranceClient>();

        var sums = await client.SubmitManyAsync((ScenarioTasks t, int i) => t.Add(i, 1), [1, 2, 3]);
        var total = await client.SubmitAsync((ScenarioTasks t) => t.Sum(sums.Results()));

        Assert.Equal(9, await client.GetAsync(total));
        Assert.Equal(TaskPhase.Succeeded, (await client.GetSnapshotAsync(total.TaskId))!.Phase);
        Assert.Null(host.Services.GetService<IDurableStore>());
        await host.StopAsync(TestContext.Current.CancellationToken);
        await silo.StopAsync(TestContext.Current.CancellationToken);
    }

    private static Task<IHost> StartSiloAsync(int siloPort, int gatewayPort) => StartAsync(builder => builder.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: Name, clusterId: Name);
        silo.UseInMemoryReminderService();
        silo.Services.AddDurableStore(_ => InMemoryStore.CreateEngine(TimeProvider.System));
        ClusterFixture.AddHandlers(silo.AddFaultTolerance());
    }));

    private static Task<IHost> StartClientAsync(int gatewayPort) => StartAsync(builder => builder.UseOrleansClient(client => client
        .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gatewayPort))
        .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = Name)
        .AddFaultToleranceClient()));

    private static async Task<IHost> StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        configure(builder);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}

using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;

namespace FaultTolerance.Client.Tests.Hosting;

public sealed class RegistrationTests
{
    [Fact]
    public async Task The_client_is_a_service_that_uses_the_applications_clock_and_journal()
    {
        var journal = new CountingJournal();
        await using var cluster = FakeCluster.Start();
        await using var services = Services(cluster).AddSingleton<ISubmitJournal>(journal).BuildServiceProvider();
        var client = services.GetRequiredService<IFaultToleranceClient>();

        var submitted = client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        (await cluster.NextSubmitAsync()).Accept();
        await submitted;

        Assert.Equal(1, journal.Count);
        Assert.Same(client, services.GetRequiredService<FaultToleranceClient>());
        Assert.NotEqual(cluster.Client.Session, client.Session);
    }

    [Fact]
    public async Task A_client_outside_the_cluster_stops_before_Orleans_does()
    {
        await using var cluster = FakeCluster.Start();
        var builder = new Builder(Services(cluster));
        builder.AddFaultToleranceClient();
        await using var services = builder.Services.BuildServiceProvider();
        var client = services.GetRequiredService<IFaultToleranceClient>();
        var submitted = client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        await cluster.NextSubmitAsync();

        await Assert.Single(services.GetServices<IHostedService>()).StopAsync(CancellationToken.None);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => submitted);
    }

    [Fact]
    public async Task A_client_inside_a_silo_stops_when_the_services_are_disposed_of()
    {
        await using var cluster = FakeCluster.Start();
        var services = Services(cluster).BuildServiceProvider();
        var submitted = services.GetRequiredService<IFaultToleranceClient>().SubmitAsync((FileTasks t) => t.Digest("/a"));
        await cluster.NextSubmitAsync();
        Assert.Empty(services.GetServices<IHostedService>());

        await services.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => submitted);
    }

    [Fact]
    public void An_Orleans_client_reads_its_gateways_each_three_seconds_and_keeps_everything_else()
    {
        var builder = new Builder();
        builder.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("c", "s"));
        builder.AddFaultToleranceClient(options => options.GatewayKeys = 3);
        using var services = builder.Services.BuildServiceProvider();

        Assert.Equal(TimeSpan.FromSeconds(3), Value<GatewayOptions>(services).GatewayListRefreshPeriod);
        Assert.Equal(TimeSpan.FromSeconds(30), Value<ClientMessagingOptions>(services).ResponseTimeout);
        Assert.Equal(("c", "s"), (Value<ClusterOptions>(services).ClusterId, Value<ClusterOptions>(services).ServiceId));
        Assert.Equal(3, Value<FaultToleranceClientOptions>(services).GatewayKeys);
    }

    [Fact]
    public void Fast_failover_shortens_every_call_of_the_Orleans_client()
    {
        var builder = new Builder();
        builder.UseFastFailover();
        using var services = builder.Services.BuildServiceProvider();
        Assert.Equal(TimeSpan.FromSeconds(3), Value<ClientMessagingOptions>(services).ResponseTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), Value<GatewayOptions>(services).GatewayListRefreshPeriod);

        builder.UseFastFailover(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        using var changed = builder.Services.BuildServiceProvider();
        Assert.Equal(TimeSpan.FromSeconds(2), Value<ClientMessagingOptions>(changed).ResponseTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), Value<GatewayOptions>(changed).GatewayListRefreshPeriod);
    }

    [Fact]
    public async Task A_lost_gateway_is_noticed_and_a_new_one_is_not_taken_for_lost()
    {
        await using var cluster = FakeCluster.Start();
        var builder = new Builder(Services(cluster));
        builder.AddFaultToleranceClient();
        await using var services = builder.Services.BuildServiceProvider();
        var changed = services.GetRequiredService<GatewayCountChangedHandler>();
        var submitted = services.GetRequiredService<IFaultToleranceClient>().SubmitAsync((FileTasks t) => t.Digest("/a"));
        await cluster.NextListenAsync();
        (await cluster.NextSubmitAsync()).Accept();
        await submitted;
        await cluster.Clock.SetAsync(TimeSpan.FromSeconds(5));

        changed(this, new GatewayCountChangedEventArgs(currentNumberOfConnectedGateways: 3, previousNumberOfConnectedGateways: 2));
        changed(this, new GatewayCountChangedEventArgs(currentNumberOfConnectedGateways: 1, previousNumberOfConnectedGateways: 3));

        Assert.Equal(TimeSpan.Zero, (await cluster.NextListenAsync()).At);
    }

    private static T Value<T>(IServiceProvider services)
        where T : class => services.GetRequiredService<IOptions<T>>().Value;

    private static IServiceCollection Services(FakeCluster cluster) => new ServiceCollection()
        .AddLogging()
        .AddSerializer()
        .AddSingleton<TimeProvider>(cluster.Clock)
        .AddSingleton<IGrainFactory>(new FakeGrainFactory(cluster))
        .AddFaultToleranceClient();

    private sealed class CountingJournal : ISubmitJournal
    {
        public int Count { get; private set; }

        public void OnAcknowledged(IReadOnlyList<TaskId> ids) => Count += ids.Count;
    }

    private sealed class Builder(IServiceCollection? services = null) : IClientBuilder
    {
        public IServiceCollection Services { get; } = services ?? new ServiceCollection();

        public IConfiguration Configuration { get; } = new ConfigurationManager();
    }
}

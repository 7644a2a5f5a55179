using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Hosting;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing;

namespace FaultTolerance.Silo.Tests;

/// <summary>A host that is told to stop before it has started.</summary>
public sealed class StopWhileStartingTests
{
    [Fact]
    public async Task What_has_started_is_stopped_in_order_and_nothing_is_thrown()
    {
        var started = new Started();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostedService>(started);
        builder.Services.AddHostedService<StoppedWhileStarting>();

        await SiloRun.RunAsync(builder.Build());

        Assert.True(started.IsStopped);
    }

    [Theory]
    [InlineData(NodeStages.Join + 1)]
    [InlineData(ServiceLifecycleStage.BecomeActive + 1)]
    [InlineData(ServiceLifecycleStage.Active + 1)]
    [InlineData(NodeStages.Work)]
    public async Task The_node_of_a_silo_that_has_joined_has_left_wherever_its_start_was_given_up(int stage)
    {
        var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System));

        await SiloRun.RunAsync(BuildSilo(engine, stage, host => host.StopApplication()));

        await AssertHasLeftAsync(engine);
    }

    [Theory]
    [InlineData(NodeStages.Join + 1)]
    [InlineData(NodeStages.Work + 2)]
    public async Task The_node_of_a_silo_whose_start_fails_after_it_has_joined_has_left(int stage)
    {
        var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System));
        var silo = BuildSilo(engine, stage, _ => throw new InvalidOperationException("It cannot start."));

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => SiloRun.RunAsync(silo));

        Assert.Equal("It cannot start.", failed.Message);
        await AssertHasLeftAsync(engine);
    }

    [Fact]
    public async Task A_start_that_fails_by_itself_is_told()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHostedService<Failing>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => SiloRun.RunAsync(builder.Build()));
    }

    /// <summary>Builds a silo to which something happens when its start has come to a stage.</summary>
    private static IHost BuildSilo(IStorageEngine engine, int stage, Action<IHostApplicationLifetime> happen)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(HostUnderTest.FreePort(), HostUnderTest.FreePort());
            silo.UseInMemoryReminderService();
            silo.Services.AddDurableStore(_ => engine);
            silo.AddFaultTolerance();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services =>
                new Happening(stage, () => happen(services.GetRequiredService<IHostApplicationLifetime>())));
        });
        return builder.Build();
    }

    private static async Task AssertHasLeftAsync(FaultyEngine engine)
    {
        var row = Assert.Single(await engine.ListNodesAsync(10, CancellationToken.None));
        Assert.Equal(NodePhase.Left, row.Phase);
        Assert.Single(engine.Calls, call => call.Operation == nameof(INodeRows.EndNodeAsync));
    }

    private sealed class Happening(int stage, Action happen) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(Happening), stage, _ =>
        {
            happen();
            return Task.CompletedTask;
        });
    }

    private sealed class Started : IHostedService
    {
        public bool IsStopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            IsStopped = true;
            return Task.CompletedTask;
        }
    }

    private sealed class StoppedWhileStarting(IHostApplicationLifetime lifetime) : BackgroundService
    {
        public override Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            throw new TaskCanceledException();
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("It cannot start.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

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

    [Fact]
    public async Task A_start_that_fails_by_itself_is_told()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHostedService<Failing>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => SiloRun.RunAsync(builder.Build()));
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

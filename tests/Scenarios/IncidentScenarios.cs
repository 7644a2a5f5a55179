using System.Threading.Channels;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>A failure's way through a cluster: recorded once, told to handlers on silos and to readers.</summary>
public sealed class IncidentScenarios
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_attempt_past_its_timeout_reaches_the_handlers_on_silos_and_the_readers_of_failures()
    {
        var handled = Channel.CreateUnbounded<IncidentSnapshot>();
        await using var cluster = await FaultyCluster.StartAsync(nodes: 2, silo =>
        {
            ClusterFixture.AddHandlers(silo);
            silo.Services.AddSingleton(handled.Writer);
            silo.AddFailureHandler<BrokenHandler>();
            silo.AddFailureHandler<Handler>("notes", FailedEntity.Task);
        });
        var failures = cluster.Orleans.ServiceProvider.GetRequiredService<IFailureFeed>();

        var task = await cluster.Client.SubmitAsync(
            (ScenarioTasks t) => t.Wait(nameof(IncidentScenarios), default!, default),
            new SubmitOptions { AttemptTimeout = TimeSpan.FromMilliseconds(100), Retry = new TaskRetryPolicy { MaxTimeoutRetries = 0 } });

        await using var reader = failures.ReadAsync(FailurePosition.Beginning).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(HangLimit));
        var told = reader.Current.Incident;
        Assert.Equal(($"task/{task.TaskId}/1", FailedEntity.Task, FailureKind.Timeout), (told.Key, told.Entity, told.Kind));
        Assert.Equal(told.Key, (await handled.Reader.ReadAsync().AsTask().WaitAsync(HangLimit)).Key);
        Assert.Equal(TimeSpan.FromMilliseconds(100), (await failures.FindAsync(told.Key))!.Limit);
    }

    private sealed class Handler(ChannelWriter<IncidentSnapshot> handled) : IFailureHandler
    {
        public Task HandleAsync(IncidentSnapshot incident, CancellationToken cancellationToken) => handled.WriteAsync(incident, cancellationToken).AsTask();
    }

    private sealed class BrokenHandler : IFailureHandler
    {
        public Task HandleAsync(IncidentSnapshot incident, CancellationToken cancellationToken) => throw new InvalidOperationException("It is broken.");
    }
}

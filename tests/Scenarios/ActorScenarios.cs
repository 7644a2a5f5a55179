using System.Threading.Channels;
using FaultTolerance.Grains.Actors;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>Actors that have themselves watched.</summary>
public sealed class ActorScenarios
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_actor_that_blocks_its_turn_is_one_incident_of_kind_hung_and_is_noted_when_it_goes_on()
    {
        var revived = new RevivedActors();
        await using var cluster = await FaultyCluster.StartAsync(nodes: 1, silo =>
        {
            silo.Services.AddSingleton<IClusterEvents>(revived);
            silo.Services.Configure<ActorDetectionOptions>(options => options.CheckInterval = TimeSpan.FromMilliseconds(100));
        });
        var failures = cluster.Orleans.ServiceProvider.GetRequiredService<IFailureFeed>();
        var patient = cluster.Orleans.GetGrain<IPatient>("blocked");
        await patient.WakeAsync();

        var hanging = patient.HangAsync();

        await using var reader = failures.ReadAsync(FailurePosition.Beginning).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(HangLimit));
        var told = reader.Current.Incident;
        Assert.Equal((FailedEntity.Actor, FailureKind.Hung, "patient", "blocked"), (told.Entity, told.Kind, told.ActorType, told.ActorKey));
        Assert.Null(told.RecoveredAt);

        Patient.Cure("blocked");
        await hanging.WaitAsync(HangLimit);
        Assert.Equal(told.Key, (await revived.Reader.ReadAsync().AsTask().WaitAsync(HangLimit)).Key);
        var after = Assert.Single(await cluster.Orleans.GetGrain<IClusterQueryGrain>(0).ListIncidentsAsync(10));
        Assert.Equal(told.Key, after.Key);
        Assert.NotNull(after.RecoveredAt);
    }

    private sealed class RevivedActors : IClusterEvents
    {
        private readonly Channel<IncidentSnapshot> _revived = Channel.CreateUnbounded<IncidentSnapshot>();

        public ChannelReader<IncidentSnapshot> Reader => _revived.Reader;

        public void OnActorAliveAgain(IncidentSnapshot incident) => _revived.Writer.TryWrite(incident);
    }
}

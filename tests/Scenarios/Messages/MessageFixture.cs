using System.Net.Sockets;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Testing.Clusters;
using FaultTolerance.Testing.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>Three silos whose messages go wrong, and whose rhythm is quick. Each has one handler that the others have not.</summary>
public sealed class MessageFixture : IAsyncLifetime
{
    private static readonly Action<TaskHandlerOptions>[] Alone = [handlers => handlers.Add<FirstAlone>(), handlers => handlers.Add<SecondAlone>(), handlers => handlers.Add<ThirdAlone>()];

    private readonly List<TcpListener> _ports = [];
    private int _silos;

    public FaultyCluster Cluster { get; private set; } = null!;

    public MessageFaults Messages { get; } = new(TimeSpan.FromMilliseconds(20), TimeProvider.System);

    internal HeardEvents Events { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Cluster = await FaultyCluster.StartAsync(Alone.Length, Messages, Configure, client =>
        {
            client.ListenInterval = TimeSpan.FromMilliseconds(500);
            (client.Silence, client.MaxSilence) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200));
        });
        for (var i = 0; i < Cluster.Nodes; i++)
        {
            // Silos in one process have no ports, and a suspected node is connected to before it is called.
            var port = new TcpListener(Cluster.SiloServices(i).GetRequiredService<LocalNode>().Info.Address.Endpoint);
            port.Start();
            _ports.Add(port);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ports.ForEach(port => port.Dispose());
        await Cluster.DisposeAsync();
    }

    private void Configure(ISiloBuilder silo)
    {
        ClusterFixture.AddHandlers(silo);
        silo.AddTaskHandlers(Alone[Interlocked.Increment(ref _silos) - 1]);
        silo.Services.AddSingleton<IClusterEvents>(Events);
        silo.Services.Configure<TaskPipelineOptions>(pipeline => pipeline.IdlePoll = pipeline.ReviewInterval = TimeSpan.FromMilliseconds(200));
        silo.Services.Configure<NodeDetectionOptions>(nodes =>
            nodes.HeartbeatInterval = nodes.PacemakerInterval = TimeSpan.FromMilliseconds(250));
    }
}

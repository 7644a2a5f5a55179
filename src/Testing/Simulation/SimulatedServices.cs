using System.Net;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What is the same in every run and costs much to make: the serializers.</summary>
internal sealed class SimulatedServices
{
    private static readonly Lazy<SimulatedServices> Lazily = new(() => new SimulatedServices());
    private static readonly SiloAddress Nowhere = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

    private SimulatedServices()
    {
        var services = new ServiceCollection().AddMetrics().AddSerializer(serializer => serializer.AddAssembly(typeof(TaskSpec).Assembly).AddAssembly(typeof(NodeInfo).Assembly)).BuildServiceProvider();
        Codec = new TaskRowCodec(
            services.GetRequiredService<Serializer<TaskSpec>>(), services.GetRequiredService<Serializer<TaskLife>>(), Options.Create(new StoreOptions()));
        Records = services.GetRequiredService<Serializer<NodeRecord>>();
        Incidents = services.GetRequiredService<Serializer<IncidentSnapshot>>();
        IncidentInstruments = ActivatorUtilities.CreateInstance<IncidentInstruments>(services);
        var handlers = Options.Create(new TaskHandlerOptions().Add<SimulatedHandlers>());
        Handlers = new HandlerRegistry(handlers, services.GetRequiredService<Serializer>(), services.GetRequiredService<ICodecProvider>());
    }

    public static SimulatedServices Instance => Lazily.Value;

    public TaskRowCodec Codec { get; }

    public Serializer<NodeRecord> Records { get; }

    public Serializer<IncidentSnapshot> Incidents { get; }

    public IncidentInstruments IncidentInstruments { get; }

    public HandlerRegistry Handlers { get; }

    public NodeInfo Describe(string machine, NodeIncarnation incarnation, int slots) =>
        new() { Name = machine, Incarnation = incarnation, Address = Nowhere, Slots = slots, Handlers = Handlers.Keys };

    private sealed class SimulatedHandlers
    {
        [TaskHandler(SimulatedWorkload.Handler)]
        public void Work() => throw new NotSupportedException("Simulated handlers are never called.");
    }
}

using Orleans.Runtime.Services;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Reaches the <see cref="INodeLink"/> of a given silo.</summary>
internal sealed class NodeLinks(IServiceProvider services) : GrainServiceClient<INodeLink>(services)
{
    public INodeLink To(SiloAddress silo) => GetGrainService(silo);
}

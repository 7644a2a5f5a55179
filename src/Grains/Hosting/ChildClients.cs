using FaultTolerance.Grains.Execution;

namespace FaultTolerance.Grains.Hosting;

/// <inheritdoc/>
internal sealed class ChildClients(FaultToleranceClient client) : IChildClients
{
    public IFaultToleranceClient For(TaskId parent) => client.ForChildrenOf(parent);
}

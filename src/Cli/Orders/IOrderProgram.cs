using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Orders;

/// <summary>What <c>ft quarantine</c>, <c>ft release</c>, <c>ft drain</c> and <c>ft evict</c> do. Returns the exit code.</summary>
internal interface IOrderProgram
{
    /// <summary>Gives a node an order, and waits until it is carried out.</summary>
    Task<int> GiveAsync(ClusterTarget target, OrderRequest request, bool json, CancellationToken cancellationToken);
}

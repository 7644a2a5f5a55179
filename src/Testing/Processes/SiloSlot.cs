using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Processes;

/// <summary>The place of one silo in a local cluster: what stays the same however often its process is started again.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="SiloPort">The port for other silos, on the loopback interface or the node's own address.</param>
/// <param name="GatewayPort">The port for clients, there.</param>
/// <param name="LogFile">The file to which everything is appended that its processes write to standard error, and what on standard output is no event.</param>
public sealed record SiloSlot(string Name, int SiloPort, int GatewayPort, string LogFile)
{
    /// <summary>Gets its place on a network of its own; null for one on the loopback interface.</summary>
    public NetworkNode? Network { get; init; }
}

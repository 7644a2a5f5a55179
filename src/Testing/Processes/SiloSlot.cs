namespace FaultTolerance.Testing.Processes;

/// <summary>The place of one silo in a local cluster: what stays the same however often its process is started again.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="SiloPort">The port for other silos, on the loopback interface.</param>
/// <param name="GatewayPort">The port for clients, on the loopback interface.</param>
/// <param name="LogFile">The file to which everything is appended that its processes write to standard error, and what on standard output is no event.</param>
public sealed record SiloSlot(string Name, int SiloPort, int GatewayPort, string LogFile);

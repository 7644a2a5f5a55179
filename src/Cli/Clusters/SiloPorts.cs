namespace FaultTolerance.Cli.Clusters;

/// <summary>The ports of one silo, the same over all its lives.</summary>
internal sealed record SiloPorts(string Name, int SiloPort, int GatewayPort);

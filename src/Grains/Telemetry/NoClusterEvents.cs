namespace FaultTolerance.Grains.Telemetry;

/// <summary>Hears nothing.</summary>
internal sealed class NoClusterEvents : IClusterEvents;

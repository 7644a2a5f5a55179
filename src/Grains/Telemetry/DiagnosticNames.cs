namespace FaultTolerance.Grains.Telemetry;

/// <summary>The name under which metrics and traces are listened to.</summary>
public static class DiagnosticNames
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Source = "FaultTolerance.Orleans";
}

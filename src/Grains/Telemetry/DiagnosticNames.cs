namespace FaultTolerance.Grains.Telemetry;

/// <summary>The name under which metrics and traces are listened to.</summary>
public static class DiagnosticNames
{
    /// <summary>The name of the meter and of the activity source of a silo.</summary>
    public const string Source = "FaultTolerance.Orleans";

    /// <summary>The name of the meter and of the activity source of a client; a silo has one, too.</summary>
    public const string Client = ClientInstruments.MeterName;
}

using System.Diagnostics;

namespace FaultTolerance.Grains.Telemetry;

/// <summary>The traces of recovery: a trace of its own for each dead node, for nobody's call led to it.</summary>
internal static class RecoveryTraces
{
    private static readonly ActivitySource Source = new(DiagnosticNames.Source);

    /// <summary>Starts the span of one pass over the work of a dead node.</summary>
    public static Activity? Start(IncidentSnapshot incident)
    {
        var activity = Source.StartActivity("faulttolerance.recovery", ActivityKind.Internal, default(ActivityContext));
        activity?.SetTag("faulttolerance.node", incident.Node);
        activity?.SetTag("faulttolerance.node.incarnation", incident.Incarnation.ToString());
        activity?.SetTag("faulttolerance.incident.kind", incident.Kind.ToString());
        return activity;
    }
}

using System.Diagnostics;
using FaultTolerance.Calls;

namespace FaultTolerance;

/// <summary>The traces of the client.</summary>
internal static class ClientTraces
{
    private static readonly ActivitySource Source = new(ClientInstruments.MeterName);

    /// <summary>Starts the span of a submit, of one call or of many; the attempts of the tasks become its children, on whatever node they run.</summary>
    public static Activity? StartSubmit(CallPlan plan)
    {
        var activity = Source.StartActivity("faulttolerance.submit", ActivityKind.Producer);
        activity?.SetTag("faulttolerance.task.handler", $"{plan.Handler}@{plan.Version}");
        return activity;
    }
}

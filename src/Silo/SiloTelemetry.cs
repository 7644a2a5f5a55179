using FaultTolerance.Grains.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FaultTolerance.Silo;

/// <summary>Has metrics scraped from the host, and sends them and the traces to a collector where one is named.</summary>
/// <remarks>
/// What OpenTelemetry's own variables set (endpoint, protocol, headers, intervals, the sampler, the service's name) is left to
/// them. Without an endpoint nothing is sent: the exporter would try a collector on this machine for ever.
/// </remarks>
internal static class SiloTelemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    public static void Add(WebApplicationBuilder builder, SiloSettings settings)
    {
        bool IsSet(string variable) => !string.IsNullOrWhiteSpace(builder.Configuration[variable]);

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                builder.Configuration[ServiceName] ?? settings.ServiceId, serviceInstanceId: settings.Name))
            .WithMetrics(metrics => metrics.AddMeter(DiagnosticNames.Source, DiagnosticNames.Client).AddPrometheusExporter());
        if (IsSet(Endpoint) || IsSet(MetricsEndpoint))
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
        }

        if (IsSet(Endpoint) || IsSet(TracesEndpoint))
        {
            telemetry.WithTracing(traces => traces.AddSource(DiagnosticNames.Source, DiagnosticNames.Client).AddOtlpExporter());
        }
    }
}

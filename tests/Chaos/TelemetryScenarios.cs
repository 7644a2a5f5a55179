using System.Diagnostics;
using FaultTolerance.Chaos.Handlers;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Chaos.Tests;

public sealed class TelemetryScenarios
{
    private const string Traces = "/v1/traces";
    private const string Metrics = "/v1/metrics";

    [Fact]
    public async Task A_collector_gets_the_spans_of_attempts_below_the_submit_and_of_recovery_and_the_metrics()
    {
        using var ports = PortReservation.Take(1, chance: Environment.ProcessId);
        await using var collector = new OtlpReceiver(ports.Ports[0]);
        await using var cluster = await ChaosCluster.StartAsync(environment: new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        using var gate = new Gate();
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.SetIdFormat(ActivityIdFormat.W3C).Start();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var first = await gate.NextAsync(cluster.Hang);

        cluster.Silos.Process(first.Node).Kill();
        var second = await gate.NextAsync(cluster.Hang);
        await second.LetThroughAsync();
        await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang);

        await collector.UntilAsync(Traces, ["faulttolerance.attempt"u8.ToArray(), Convert.FromHexString(caller.TraceId.ToHexString())], cluster.Hang);
        await collector.UntilAsync(Traces, ["faulttolerance.recovery", first.Node, "Crash"], cluster.Hang);
        await collector.UntilAsync(Metrics, [second.Node, "faulttolerance.task.ended", "succeeded"], cluster.Hang);
        await collector.UntilAsync(Metrics, ["faulttolerance.store.batch.duration"], cluster.Hang);
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_submit_is_a_span_of_the_client_and_the_parent_of_what_it_starts()
    {
        var submits = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FaultTolerance.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = submits.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var cluster = await ChaosCluster.StartAsync(silos: 1);

        await cluster.Client.GetAsync(await cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(1, 2)), cancellationToken: cluster.Hang);

        var submit = Assert.Single(submits);
        Assert.Equal(("faulttolerance.submit", ActivityKind.Producer), (submit.OperationName, submit.Kind));
        Assert.Equal("chaos.add@1", submit.GetTagItem("faulttolerance.task.handler"));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Client.Tests.Hosting;

public sealed class MetricTests
{
    [Fact]
    public async Task What_happens_is_counted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == "FaultTolerance.Client")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        await using var cluster = FakeCluster.Start();
        await using var core = new ClientCore(
            new FakeGrainFactory(cluster), FakeCluster.Serializer, cluster.Clock, Options.Create(cluster.Options),
            NullLogger<FaultToleranceClient>.Instance, new ClientInstruments(meters), () => 0.5);
        var client = new FaultToleranceClient(core);

        var submitted = client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        (await cluster.NextSubmitAsync()).Reject(SubmitRejection.Busy);
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        (await cluster.NextSubmitAsync()).Accept();
        var reference = await submitted;
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, new Digest("x", 1)));
        var rejected = client.SubmitAsync((FileTasks t) => t.Digest("/b"));
        (await cluster.NextSubmitAsync()).Reject(SubmitRejection.IdTaken);
        await Assert.ThrowsAsync<SubmitRejectedException>(() => rejected);
        var foreign = new ObjectRef<Digest>(TaskId.New());
        var get = client.GetAsync(foreign);
        (await cluster.NextQuestionAsync()).Answer([FakeCluster.Succeeded(foreign.TaskId, new Digest("y", 1))]);
        await get;
        await core.DisposeAsync();

        Assert.Equal(
            [
                ("faulttolerance.client.outcomes.answered", 1), ("faulttolerance.client.outcomes.told", 1),
                ("faulttolerance.client.submits.accepted", 1), ("faulttolerance.client.submits.failed", 1),
                ("faulttolerance.client.submits.repeated", 1), ("faulttolerance.client.tasks.asked", 1),
            ],
            counts.Select(count => (count.Key, count.Value)).OrderBy(count => count.Key, StringComparer.Ordinal));
    }
}

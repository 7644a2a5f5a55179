using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FaultTolerance.Storage.Hosting;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaultTolerance.Storage.Tests;

public sealed class StoreInstrumentsTests
{
    [Fact]
    public async Task The_metrics_say_what_became_of_batches_and_writes()
    {
        var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMetrics().AddDurableStore(_ => engine);
        using var host = builder.Build();
        await host.StartAsync();
        var measured = new ConcurrentQueue<string>();
        using var listener = Listen(host.Services.GetRequiredService<IMeterFactory>(), measured);
        var store = host.Services.GetRequiredService<IDurableStore>();
        TaskInsert[] inserts = [.. Enumerable.Range(0, 3).Select(_ => NewTask("test.run@1"))];

        engine.FailWrite(1, InjectedFault.Contention);
        await store.WriteTasksAsync(inserts);
        await Record.ExceptionAsync(() => store.WriteTaskAsync(NewTask(new string('x', StoreLimits.Handler + 1))));
        await store.DisposeAsync();
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                "faulttolerance.store.repeats 1 contention",
                "faulttolerance.store.batch.size 3 ",
                "faulttolerance.store.refused 1 data",
                "faulttolerance.store.pending 0 ",
            ],
            measured.Where(line => !line.Contains("duration", StringComparison.Ordinal)));
        Assert.Single(measured, line => line.StartsWith("faulttolerance.store.batch.duration", StringComparison.Ordinal));
        await host.StopAsync();
    }

    private static MeterListener Listen(IMeterFactory meters, ConcurrentQueue<string> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
            measured.Enqueue($"{instrument.Name} {value} {(tags.Length > 0 ? tags[0].Value : null)}");
        listener.SetMeasurementEventCallback<int>(Note);
        listener.SetMeasurementEventCallback<long>(Note);
        listener.SetMeasurementEventCallback<double>(Note);
        listener.Start();
        return listener;
    }

    private static TaskInsert NewTask(string handler) => new(new TaskRow
    {
        Id = TaskId.New(),
        Handler = handler,
        Phase = TaskPhase.Queued,
        Due = DateTimeOffset.UnixEpoch,
        Spec = [0],
    });
}

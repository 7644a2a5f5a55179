using System.Diagnostics.Metrics;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Telemetry;

/// <summary>The metrics of the store.</summary>
internal sealed class StoreInstruments : IDisposable
{
    /// <summary>The name of the meter, the same as that of the grains.</summary>
    public const string MeterName = "FaultTolerance.Orleans";

    private readonly Meter _meter;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _batchDuration;
    private readonly Counter<long> _repeats;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _timeouts;

    public StoreInstruments(IMeterFactory? meters)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _batchSize = _meter.CreateHistogram<int>("faulttolerance.store.batch.size", "{write}", "Writes committed in one round trip.");
        _batchDuration = _meter.CreateHistogram<double>("faulttolerance.store.batch.duration", "s", "One round trip that committed a batch of writes.");
        _repeats = _meter.CreateCounter<long>("faulttolerance.store.repeats", "{batch}", "Batches of writes that were repeated, by fault.");
        _refused = _meter.CreateCounter<long>("faulttolerance.store.refused", "{write}", "Writes that the store refused for good, by fault.");
        _timeouts = _meter.CreateCounter<long>("faulttolerance.store.timeouts", "{write}", "Writes that were not committed in time.");
    }

    /// <summary>Watches how many writes wait for their commit.</summary>
    public void Watch(Func<int> pending) =>
        _meter.CreateObservableGauge("faulttolerance.store.pending", pending, "{write}", "Writes of tasks that wait for their commit or are under way.");

    public void OnBatchCommitted(int writes, TimeSpan duration)
    {
        _batchSize.Record(writes);
        _batchDuration.Record(duration.TotalSeconds);
    }

    public void OnBatchRepeated(StoreFault fault) => _repeats.Add(1, Tag(fault));

    public void OnWritesRefused(int writes, StoreFault fault) => _refused.Add(writes, Tag(fault));

    public void OnWritesTimedOut(int writes) => _timeouts.Add(writes);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(StoreFault fault) => new("fault", fault switch
    {
        StoreFault.Unreachable => "unreachable",
        StoreFault.Contention => "contention",
        StoreFault.Data => "data",
        StoreFault.Unusable => "unusable",
        _ => "other",
    });
}

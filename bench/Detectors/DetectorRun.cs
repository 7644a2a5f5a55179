using FaultTolerance.Bench.Measuring;
using FaultTolerance.Bench.Reports;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Bench.Detectors;

/// <summary>Measures what the failure detector does, without grains, a store or a network: the pure part, on simulated time.</summary>
internal sealed class DetectorRun(DetectorOptions options, TextWriter output, TextWriter progress)
{
    /// <summary>How many nodes are gone through in one measurement, so that the clock can tell.</summary>
    private const int NodesForEachMeasurement = 50_000;

    private const int NodesForEachQuickMeasurement = 50;

    /// <summary>How often each thing is measured; the median counts.</summary>
    private const int Measurements = 5;

    private readonly NodeDetectionOptions _detection = new();
    private readonly QuarantineOptions _quarantine = new();

    /// <summary>Runs the bench and prints its report.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var load = Surroundings.Load();
        var costs = new List<DetectorCost>();
        Measure(options.Nodes.Min()); // compiles what is measured
        foreach (var nodes in options.Nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await progress.WriteLineAsync($"measures  {nodes} nodes");
            costs.Add(Measure(nodes));
        }

        var surroundings = Surroundings.OfMachine(load);
        await output.WriteLineAsync(options.Json ? DetectorReport.Json(surroundings, costs, _detection) : DetectorReport.Text(surroundings, costs, _detection));
        return 0;
    }

    private DetectorCost Measure(int count)
    {
        var nodes = new SimulatedNodes(count);
        var empty = MemoryInUse();
        var watch = new SimulatedWatch(nodes, _detection, _quarantine);
        for (var beat = 0; beat < _detection.PhiWindow; beat++)
        {
            watch.Hear(nodes.Beat(watch.NextSequence()));
        }

        var detectorBytes = MemoryInUse() - empty;
        var repeats = Math.Max(1, (options.Quick ? NodesForEachQuickMeasurement : NodesForEachMeasurement) / count);
        var heartbeat = Median(count * repeats, () => Enumerable.Range(0, repeats).Select(_ => nodes.Beat(watch.NextSequence())).ToList(), beats => beats.ForEach(watch.Hear));
        var check = Median(count * repeats, () => repeats, times => Repeat(times, () => watch.Check()));
        var comparison = Median(count * repeats, () => repeats, times => Repeat(times, () => watch.Compare()));

        var before = MemoryInUse();
        var directory = new NodeDirectory(nodes.Records, NullLogger<NodeDirectory>.Instance);
        directory.Replace(nodes.Rows(0));
        var directoryBytes = MemoryInUse() - before;
        var readings = 0;
        var reading = Median(count * repeats, () => Enumerable.Range(0, repeats).Select(_ => nodes.Rows(++readings)).ToList(), rows => rows.ForEach(directory.Replace));
        var suspects = nodes.Incarnations.Where((_, index) => index % 2 == 0).ToHashSet();
        var witnesses = Median(repeats, () => repeats, times => Repeat(times, () => Witnesses.Choose(nodes.Incarnations[0], directory.Living, nodes.Incarnations[^1], suspects.Contains)));
        GC.KeepAlive(watch);
        GC.KeepAlive(nodes);
        return new DetectorCost(count, heartbeat, check, comparison, reading, witnesses, (double)detectorBytes / count, (double)directoryBytes / count);
    }

    /// <summary>Returns the processor time of one of so many operations, collections included, in microseconds.</summary>
    private static double Median<T>(int operations, Func<T> prepare, Action<T> run) => Statistics.Median(
    [
        .. Enumerable.Range(0, Measurements).Select(_ =>
        {
            var prepared = prepare();
            var before = Environment.CpuUsage.TotalTime;
            run(prepared);
            return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / operations;
        }),
    ]);

    private static void Repeat(int times, Action run)
    {
        for (var i = 0; i < times; i++)
        {
            run();
        }
    }

    private static long MemoryInUse() => GC.GetTotalMemory(forceFullCollection: true);
}

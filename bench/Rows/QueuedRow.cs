using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Handlers;
using FaultTolerance.Bench.Measuring;

namespace FaultTolerance.Bench.Rows;

/// <summary>What queued tasks cost in memory: by how much the silos' resident memory grows for each of many tasks that are due only tomorrow.</summary>
internal sealed class QueuedRow(StoreKind store) : BenchRow
{
    private const int TasksForEachLone = 100;

    private TaskCluster _cluster = null!;

    public override string Name => $"queued-{store}".ToLowerInvariant();

    public override string Title => $"memory of all silos for each queued task on {store.Title()}, 100,000 more a round";

    public override string Unit => "bytes";

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken) =>
        _cluster = await lab.ClusterAsync(store, cancellationToken);

    public override async Task<Sample> MeasureAsync(RoundSize size)
    {
        var count = size.Lone * TasksForEachLone;
        var memory = Resident();
        var before = ProcessorTime.Read(_cluster.Processes);
        await _cluster.Client.SubmitManyAsync(
            (BenchTasks t, int number) => t.Echo(number), Enumerable.Range(0, count), new SubmitOptions { StartAfter = TimeSpan.FromDays(1) });
        return new Sample((Resident() - memory) / (double)count, (ProcessorTime.Read(_cluster.Processes) - before) / count);
    }

    private long Resident() => _cluster.Processes.Sum(id =>
    {
        using var process = System.Diagnostics.Process.GetProcessById(id);
        return process.WorkingSet64;
    });
}

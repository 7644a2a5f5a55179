using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Handlers;
using FaultTolerance.Bench.Measuring;

namespace FaultTolerance.Bench.Rows;

/// <summary>Durable tasks that do nothing, from the submit to the result at a client outside of the cluster.</summary>
internal sealed class SubmitRow(StoreKind store, SubmitLoad load) : BenchRow
{
    private const int SinglesUnderWay = 1_000;
    private const int BatchSize = 500;
    private const int BatchesUnderWay = 4;

    private TaskCluster _cluster = null!;

    public override string Name => $"{store}-{load}".ToLowerInvariant();

    public override string Title => load switch
    {
        SubmitLoad.Single => $"task on {store.Title()}, {SinglesUnderWay:N0} single submits under way",
        SubmitLoad.Many => $"task on {store.Title()}, SubmitManyAsync of {BatchSize}, {BatchesUnderWay} under way",
        _ => $"task on {store.Title()}, one at a time, median",
    };

    public override string Unit => load == SubmitLoad.Lone ? "ms" : "tasks/s";

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken) =>
        _cluster = await lab.ClusterAsync(store, cancellationToken);

    public override Task<Sample> MeasureAsync(RoundSize size) => load switch
    {
        SubmitLoad.Single => Load.KeepUnderWayAsync(SinglesUnderWay, size.Length, _cluster.Processes, SingleAsync),
        SubmitLoad.Many => Load.KeepUnderWayAsync(BatchesUnderWay, size.Length, _cluster.Processes, ManyAsync),
        _ => Load.OneByOneAsync(size.Lone, _cluster.Processes, SingleAsync),
    };

    private async Task<int> SingleAsync(int number)
    {
        var task = await _cluster.Client.SubmitAsync((BenchTasks t) => t.Echo(number));
        Check(number, await _cluster.Client.GetAsync(task));
        return 1;
    }

    private async Task<int> ManyAsync(int number)
    {
        var numbers = Enumerable.Range(number * BatchSize, BatchSize).ToList();
        var tasks = await _cluster.Client.SubmitManyAsync((BenchTasks t, int each) => t.Echo(each), numbers);
        var results = await _cluster.Client.GetAllAsync(tasks);
        for (var i = 0; i < BatchSize; i++)
        {
            Check(numbers[i], results[i]);
        }

        return BatchSize;
    }

    private static void Check(int expected, int result)
    {
        if (result != expected)
        {
            throw new BenchException($"A task was to return {expected} and returned {result}.");
        }
    }
}

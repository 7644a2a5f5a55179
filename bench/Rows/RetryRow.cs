using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Handlers;
using FaultTolerance.Bench.Measuring;

namespace FaultTolerance.Bench.Rows;

/// <summary>How exactly retries keep to their delay: by how much the last of many tasks that fail once starts again after the moment that was computed for it.</summary>
internal sealed class RetryRow(StoreKind store) : BenchRow
{
    private const int LonesForEachTask = 10;

    private static readonly SubmitOptions OnceMore = new()
    {
        Retry = new TaskRetryPolicy { DelayBase = TimeSpan.FromSeconds(1), RetryOn = [typeof(InvalidOperationException).FullName!] },
    };

    private TaskCluster _cluster = null!;

    public override string Name => $"retry-{store}".ToLowerInvariant();

    public override string Title => $"retry after 1 s on {store.Title()}, 100 tasks at once: the latest start after the computed one";

    public override string Unit => "ms";

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken) =>
        _cluster = await lab.ClusterAsync(store, cancellationToken);

    public override async Task<Sample> MeasureAsync(RoundSize size)
    {
        var count = size.Lone / LonesForEachTask;
        var before = ProcessorTime.Read(_cluster.Processes);
        var tasks = await _cluster.Client.SubmitManyAsync((BenchTasks t, int _) => t.FailOnce(default!), Enumerable.Range(0, count), OnceMore);
        await _cluster.Client.GetAllAsync(tasks);
        var processor = (ProcessorTime.Read(_cluster.Processes) - before) / count;
        var histories = await Task.WhenAll(tasks.Select(task => _cluster.Client.GetHistoryAsync(task.TaskId)));
        return new Sample(histories.Max(history => LatenessOf(history!).TotalMilliseconds), processor);
    }

    private static TimeSpan LatenessOf(TaskHistory history) => history.Attempts is [{ Failure.RetryAt: { } due }, { StartedAt: { } started }]
        ? started - due
        : throw new BenchException($"Task {history.Task.Id} was to fail once and be tried again once, and had {history.Attempts.Count} attempts.");
}

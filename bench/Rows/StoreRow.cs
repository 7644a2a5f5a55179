using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Measuring;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Bench.Rows;

/// <summary>The two writes of a task through the store alone: inserted as claimed, then ended, 500 tasks a call.</summary>
internal sealed class StoreRow(StoreKind store) : BenchRow
{
    private IDurableStore _store = null!;

    public override string Name => $"store-{store}".ToLowerInvariant();

    public override string Title => $"store alone on {store.Title()}: insert and end a row, {StoreBatch.Size} a call, {StoreBatch.UnderWay} under way";

    public override string Unit => "tasks/s";

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken) =>
        _store = await lab.StoreAsync(store, StoreBatch.Place, cancellationToken);

    public override Task<Sample> MeasureAsync(RoundSize size) => Load.KeepUnderWayAsync(StoreBatch.UnderWay, size.Length, [], WriteAsync);

    private async Task<int> WriteAsync(int number)
    {
        var rows = StoreBatch.New(number, _store.NewToken);
        Check(await _store.WriteTasksAsync([.. rows.Select(row => new TaskInsert(row))]));
        Check(await _store.WriteTasksAsync([.. rows.Select(row => End(row, _store.NewToken()))]));
        return rows.Length;
    }

    private static TaskUpdate End(TaskRow row, long token) => new(row.Id, token)
    {
        IfPhase = row.Phase,
        IfAttempt = row.Attempt,
        IfOwner = row.Owner,
        Phase = TaskPhase.Succeeded,
        Attempt = row.Attempt,
        Due = row.Due,
        Finished = row.Created,
        Life = StoreBatch.EndedLife,
        Result = StoreBatch.Result,
    };

    private static void Check(IReadOnlyList<TaskWriteResult> results)
    {
        if (!results.All(result => result.IsApplied))
        {
            throw new BenchException("A write of the store was not applied.");
        }
    }
}

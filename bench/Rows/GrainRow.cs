using FaultTolerance.Bench.Measuring;
using FaultTolerance.Bench.Reference;

namespace FaultTolerance.Bench.Rows;

/// <summary>One call to a grain that is activated for it, on plain Orleans; it may write its state.</summary>
internal sealed class GrainRow(bool writes, bool alone) : BenchRow
{
    private const int UnderWay = 1_000;

    private ReferenceCluster _cluster = null!;

    public override string Name => (writes ? "grain-write" : "activation") + (alone ? "-lone" : "");

    public override string Title =>
        $"call to a new activation{(writes ? " that writes its state by ADO.NET to PostgreSQL" : "")}, {(alone ? "one at a time, median" : $"{UnderWay:N0} under way")}";

    public override string Unit => alone ? "ms" : "calls/s";

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken) =>
        _cluster = await lab.ReferenceClusterAsync(cancellationToken);

    public override Task<Sample> MeasureAsync(RoundSize size) => alone
        ? Load.OneByOneAsync(size.Lone, _cluster.Processes, CallAsync)
        : Load.KeepUnderWayAsync(UnderWay, size.Length, _cluster.Processes, CallAsync);

    private async Task<int> CallAsync(int number)
    {
        var id = Guid.NewGuid();
        var answer = writes
            ? await _cluster.Grains.GetGrain<INoteGrain>(id).WriteAsync(number)
            : await _cluster.Grains.GetGrain<INewcomerGrain>(id).EchoAsync(number);
        return answer == number ? 1 : throw new BenchException($"A grain was to answer {number} and answered {answer}.");
    }
}

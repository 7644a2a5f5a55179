using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Walks over the queued tasks, a page at a time, and ends those past their deadline or pending timeout.</summary>
internal sealed class OverdueSweeper(
    IDurableStore store, LimitEnforcement limits, MonotonicClock clock, IOptions<RecoveryOptions> options) : IRecoverySweeper
{
    /// <summary>Small, because each row comes with its specification.</summary>
    private const int PageSize = 200;

    /// <summary>How many specifications that stand beside their rows are read in one step.</summary>
    private const int MaxLarge = 20;

    private readonly SweepRhythm _rhythm = new(clock, options.Value.SweepInterval);
    private TaskId? _after;

    public RecoverySweep Sweep => RecoverySweep.Overdue;

    public async Task StepAsync(CancellationToken cancellationToken)
    {
        if (!_rhythm.IsDue)
        {
            return;
        }

        var query = new TaskQuery { Phase = TaskPhase.Queued, After = _after, Limit = PageSize };
        var page = await store.ListAsync(query, cancellationToken);
        var taken = Bound(page);
        await limits.EnforceAsync(taken, cancellationToken);
        _after = taken.Count == 0 ? null : taken[^1].Id;
        if (page.Count < PageSize && taken.Count == page.Count)
        {
            _after = null;
            _rhythm.EndRound();
        }
    }

    private static List<TaskRow> Bound(IReadOnlyList<TaskRow> page)
    {
        var large = 0;
        return [.. page.TakeWhile(row => PayloadReference.TryReadInline(row.Spec, out _, out _) || ++large <= MaxLarge)];
    }
}

using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Walks over the tasks that have not ended, page after page for a short time each step, and ends those that should have: past a limit in time, or a child of a cancelled parent.</summary>
/// <remarks>A cancellation is carried on to children in steps. When that silo dies between two of them, this finds the rest as soon as the death is known.</remarks>
internal sealed class UnfinishedSweeper(
    IDurableStore store,
    TaskReader reader,
    LimitEnforcement limits,
    ChildCancellation children,
    INodePipeline pipeline,
    MonotonicClock clock,
    IOptions<RecoveryOptions> options) : IRecoverySweeper
{
    /// <summary>Small, because each row comes with its specification.</summary>
    private const int PageSize = 200;

    private static readonly TaskPhase[] Phases = [TaskPhase.Waiting, TaskPhase.Queued, TaskPhase.Running];

    private readonly SweepRhythm _rhythm = new(clock, options.Value.SweepInterval);
    private int _phase;
    private TaskId? _after;

    public RecoverySweep Sweep => RecoverySweep.Unfinished;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        if (!_rhythm.TryBegin(lastLoss))
        {
            return;
        }

        do
        {
            await TakePageAsync(cancellationToken);
            if (_phase == Phases.Length)
            {
                _phase = 0;
                _rhythm.EndRound();
                return;
            }
        }
        while (_rhythm.HasTime);
    }

    private async Task TakePageAsync(CancellationToken cancellationToken)
    {
        var query = new TaskQuery { Phase = Phases[_phase], After = _after, Limit = PageSize };
        var page = await store.ListAsync(query, cancellationToken);
        var taken = LargeRows.Bound(page);
        await EndAsync(Phases[_phase], await reader.ReadOwnedAsync(taken, cancellationToken), cancellationToken);
        _after = taken.Count == 0 ? null : taken[^1].Id;
        if (page.Count < PageSize && taken.Count == page.Count)
        {
            (_phase, _after) = (_phase + 1, null);
        }
    }

    private async Task EndAsync(TaskPhase phase, IReadOnlyList<TaskState> tasks, CancellationToken cancellationToken)
    {
        if (phase != TaskPhase.Running) // its own node watches over an attempt's time
        {
            await limits.EnforceAsync(tasks, cancellationToken);
        }

        await children.CancelIfOrphanedAsync(tasks, pipeline.Post, cancellationToken);
    }
}

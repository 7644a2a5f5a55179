using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Walks over the waiting tasks, page after page for a short time each step: wakes those whose wake was lost.</summary>
/// <remarks>Whoever ends a task wakes its dependents, in steps. When that silo dies between two of them, this finds the rest as soon as the death is known.</remarks>
internal sealed partial class DependentSweeper(
    IDurableStore store,
    INodePipeline pipeline,
    MonotonicClock clock,
    IOptions<RecoveryOptions> options,
    ILogger<DependentSweeper> logger) : IRecoverySweeper
{
    private readonly SweepRhythm _rhythm = new(clock, options.Value.SweepInterval);
    private TaskId? _after;

    public RecoverySweep Sweep => RecoverySweep.Dependents;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        if (!_rhythm.TryBegin(lastLoss))
        {
            return;
        }

        do
        {
            if (await TakePageAsync(cancellationToken) < options.Value.BatchSize)
            {
                _after = null;
                _rhythm.EndRound();
                return;
            }
        }
        while (_rhythm.HasTime);
    }

    private async Task<int> TakePageAsync(CancellationToken cancellationToken)
    {
        var query = new TaskQuery { Phase = TaskPhase.Waiting, After = _after, Limit = options.Value.BatchSize };
        var page = await store.ListAsync(query, cancellationToken);
        await WakeAsync([.. page.Select(row => row.Id)], cancellationToken);
        _after = page.Count == 0 ? null : page[^1].Id;
        return page.Count;
    }

    private async Task WakeAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken)
    {
        if (dependents.Count == 0)
        {
            return;
        }

        await store.LookAtDependenciesAsync(dependents, cancellationToken);
        var woken = await store.WakeAsync(dependents, store.NewToken(), cancellationToken);
        if (woken.Count > 0)
        {
            pipeline.OfferWork();
            LogWoken(woken.Count);
        }
    }

    [LoggerMessage(EventIds.DependentsSwept, LogLevel.Information, "{Count} tasks waited for nothing any more and had not been woken.")]
    private partial void LogWoken(int count);
}

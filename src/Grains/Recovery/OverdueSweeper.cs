using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Looks for dead nodes whose work is not recovered in time, those of all shards: the one that should recover may be what hangs.</summary>
internal sealed class OverdueSweeper(IDurableStore store, NodeIncidents incidents, RecoveryLimit limit, MonotonicClock clock) : IRecoverySweeper
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SweepRhythm _rhythm = new(clock, Interval);

    public RecoverySweep Sweep => RecoverySweep.Overdue;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        if (!_rhythm.TryBegin())
        {
            return;
        }

        foreach (var row in (await NodeQueries.ListCurrentAsync(store, cancellationToken)).Where(row => row is { Phase: NodePhase.Dead, Recovered: null }))
        {
            if (limit.IsPast(row.Ended) && await incidents.FindAsync(row.Incarnation, cancellationToken) is { } incident)
            {
                await limit.FlagIfOverdueAsync(incident, cancellationToken);
            }
        }

        _rhythm.EndRound();
    }
}

using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>What one shard of recovery does in one pass: its share of the dead nodes, and of the sweeps. A step that fails keeps no other from being done.</summary>
internal sealed partial class RecoveryShard(
    IDurableStore store,
    NodeDirectory nodes,
    NodeRecovery recovery,
    IEnumerable<IRecoverySweeper> sweepers,
    IOptions<RecoveryOptions> options,
    ILogger<RecoveryShard> logger)
{
    private readonly IReadOnlyList<IRecoverySweeper> _sweepers = [.. sweepers];

    public async Task PassAsync(int shard, CancellationToken cancellationToken)
    {
        var shards = options.Value.Shards;
        DateTimeOffset? lastLoss = null;
        await TryAsync(
            shard,
            "the search for dead nodes",
            async token =>
            {
                var rows = await NodeQueries.ListCurrentAsync(store, token);
                lastLoss = LastLoss(rows);
                await RecoverDeadAsync(shard, shards, rows, token);
            },
            cancellationToken);
        foreach (var sweeper in _sweepers.Where(sweeper => RecoveryDuties.ShardOf(sweeper.Sweep, shards) == shard))
        {
            await TryAsync(shard, sweeper.Sweep.ToString(), token => sweeper.StepAsync(lastLoss, token), cancellationToken);
        }
    }

    /// <summary>When a node last ended or was recovered: until its rows were changed a node that was cut off may still have committed.</summary>
    private static DateTimeOffset? LastLoss(IReadOnlyList<NodeRow> rows) =>
        rows.Select(row => row.Recovered > row.Ended ? row.Recovered : row.Ended).Max();

    private async Task RecoverDeadAsync(int shard, int shards, IReadOnlyList<NodeRow> rows, CancellationToken cancellationToken)
    {
        var dead = rows.Where(row => row is { Phase: NodePhase.Dead, Recovered: null } && RecoveryDuties.ShardOf(row.Incarnation, shards) == shard);
        foreach (var node in nodes.Read([.. dead.OrderBy(row => row.Ended)]))
        {
            await TryAsync(shard, $"recovery of node {node.Row.Name}", token => recovery.RecoverAsync(node, token), cancellationToken);
        }
    }

    private async Task TryAsync(int shard, string step, Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await act(cancellationToken);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception, shard, step);
            }
        }
    }

    [LoggerMessage(EventIds.RecoveryFailed, LogLevel.Warning, "Recovery shard {Shard}: {Step} did not come to its end; it is tried again.")]
    private partial void LogFailed(Exception exception, int shard, string step);
}

using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>What one shard of recovery does in one pass: its share of the dead nodes, and of the sweeps. A step that fails keeps no other from being done.</summary>
/// <remarks>
/// Dead nodes have turns of one batch, the one that died first first, so that none waits for a large one; and after <see cref="PassTime"/> the
/// sweeps have theirs, however many nodes are dead; so they have as soon as the rate grants no more. The next pass goes on with the node whose turn it was.
/// </remarks>
internal sealed partial class RecoveryShard(
    IDurableStore store,
    NodeDirectory nodes,
    NodeRecovery recovery,
    IEnumerable<IRecoverySweeper> sweepers,
    MonotonicClock clock,
    IOptions<RecoveryOptions> options,
    ILogger<RecoveryShard> logger) : IDisposable
{
    /// <summary>For how long one pass recovers dead nodes, turn after turn.</summary>
    public static readonly TimeSpan PassTime = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IRecoverySweeper> _sweepers = [.. sweepers];
    private readonly Dictionary<NodeIncarnation, NodeTurns> _underWay = [];
    private NodeIncarnation? _next;

    /// <summary>Does one pass.</summary>
    /// <returns>Whether dead nodes are left that the next pass can go on with at once.</returns>
    public async Task<bool> PassAsync(int shard, CancellationToken cancellationToken)
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

        return _underWay.Count > 0 || _next is not null;
    }

    /// <summary>Ends the traces of what is under way: its successor begins them again. The scope of the shard's grain does this.</summary>
    public void Dispose() => _underWay.Keys.ToList().ForEach(Forget);

    /// <summary>When a node last ended or was recovered: until its rows were changed a node that was cut off may still have committed.</summary>
    private static DateTimeOffset? LastLoss(IReadOnlyList<NodeRow> rows) =>
        rows.Select(row => row.Recovered > row.Ended ? row.Recovered : row.Ended).Max();

    private async Task RecoverDeadAsync(int shard, int shards, IReadOnlyList<NodeRow> rows, CancellationToken cancellationToken)
    {
        var dead = rows.Where(row => row is { Phase: NodePhase.Dead, Recovered: null } && RecoveryDuties.ShardOf(row.Incarnation, shards) == shard);
        var known = nodes.Read([.. dead.OrderBy(row => row.Ended)]);
        foreach (var gone in _underWay.Keys.Except(known.Select(node => node.Incarnation)).ToList())
        {
            Forget(gone);
        }

        var until = clock.Now + PassTime;
        var turns = new Queue<KnownNode>([.. known.SkipWhile(node => node.Incarnation != _next), .. known.TakeWhile(node => node.Incarnation != _next)]);
        while (turns.Count > 0 && recovery.MayTakeTurn && turns.TryDequeue(out var node))
        {
            await TakeTurnAsync(shard, node, cancellationToken);
            if (_underWay.ContainsKey(node.Incarnation))
            {
                turns.Enqueue(node); // one that failed, or whose incident is not recorded, waits for the next pass
            }

            if (clock.Now >= until || cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        _next = turns.TryPeek(out var next) ? next.Incarnation : null;
    }

    private async Task TakeTurnAsync(int shard, KnownNode node, CancellationToken cancellationToken)
    {
        var turns = _underWay.GetValueOrDefault(node.Incarnation);
        NodeTurns? rest = null;
        await TryAsync(
            shard,
            $"recovery of node {node.Row.Name}",
            async token =>
            {
                turns ??= await recovery.BeginAsync(node, token);
                rest = turns is null ? null : await recovery.TakeTurnAsync(turns, token);
            },
            cancellationToken);
        if (rest is not null)
        {
            _underWay[node.Incarnation] = rest;
            return;
        }

        turns?.Dispose();
        Forget(node.Incarnation);
    }

    private void Forget(NodeIncarnation node)
    {
        if (_underWay.Remove(node, out var turns))
        {
            turns.Dispose();
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

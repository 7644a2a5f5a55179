using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Cli.Demo;

/// <summary>Follows what becomes of the silos that were struck, and wakes those that were paused.</summary>
internal sealed class Aftermath(OwnCluster cluster, DemoOptions options, LiveBoard board, TimeProvider timeProvider)
{
    private const int MaxNodes = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Longer than any lease, and than the time in which a frozen silo is found out.</summary>
    private static readonly TimeSpan FreezeOfAll = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Follows one of the silos until its work is recovered and, if it was paused, until it has woken and found its place.</summary>
    public async Task FollowAsync(Strike strike, CancellationToken cancellationToken)
    {
        if (options.Signal == KillSignal.Kill)
        {
            await UntilAsync(nodes => Find(nodes, strike) is { Recovered: not null }, strike, cancellationToken);
            return;
        }

        if (options.Kill == KillTarget.One)
        {
            await UntilAsync(nodes => Find(nodes, strike) is { Recovered: not null }, strike, cancellationToken);
        }
        else
        {
            await Task.Delay(FreezeOfAll, timeProvider, cancellationToken); // where all stand still, nobody is there to find it out
        }

        board.Add(TimelineKind.Step, strike.Process.Resume()
            ? $"{strike.Node} was woken (SIGCONT)"
            : $"{strike.Node} need not be woken: the others have ended it, because it stood still with a lock of the store");
        await UntilAsync(nodes => IsSettled(nodes, strike), strike, cancellationToken);
    }

    /// <summary>Tells what the store says of a silo that was struck, once all is done.</summary>
    public async Task<DemoVictim> DescribeAsync(Strike strike, CancellationToken cancellationToken)
    {
        var row = Find(await cluster.Store.ListNodesAsync(MaxNodes, cancellationToken), strike);
        return new DemoVictim
        {
            Node = strike.Node,
            Signal = options.Signal,
            At = strike.At,
            AttemptsHit = strike.Running,
            Detection = row?.Ended - strike.StoreTime,
            Recovery = row?.Recovered - strike.StoreTime,
        };
    }

    /// <summary>A silo that has woken either goes on in the same life with a lease that holds, or is recovered and has begun another life.</summary>
    private bool IsSettled(IReadOnlyList<NodeRow> nodes, Strike strike)
    {
        var newest = nodes.FirstOrDefault(node => node.Name == strike.Node && node.Ended is null);
        return newest is { Phase: NodePhase.Alive }
            && newest.LeaseEnds > cluster.Store.Now
            && (newest.Incarnation == strike.Incarnation || Find(nodes, strike) is null or { Recovered: not null });
    }

    private async Task UntilAsync(Func<IReadOnlyList<NodeRow>, bool> isDone, Strike strike, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (timeProvider.GetElapsedTime(start) < Limit)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            try
            {
                if (isDone(await cluster.Store.ListNodesAsync(MaxNodes, cancellationToken)))
                {
                    return;
                }
            }
            catch (StoreException exception) when (exception.IsRetryable)
            {
                continue; // the next look sees more
            }
        }

        board.Add(TimelineKind.Fault, $"{strike.Node} has not found its place within {Limit.TotalSeconds} s");
    }

    private static NodeRow? Find(IReadOnlyList<NodeRow> nodes, Strike strike) => nodes.FirstOrDefault(node => node.Incarnation == strike.Incarnation);
}

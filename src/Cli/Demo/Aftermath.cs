using FaultTolerance.Cli.Live;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Demo;

/// <summary>Follows what becomes of the silos that were struck, and wakes those that were paused.</summary>
internal sealed class Aftermath(IDurableStore store, DemoOptions options, LiveBoard board, TimeProvider timeProvider)
{
    private const int MaxNodes = 200;

    /// <summary>Longer than any lease, and than the time in which a frozen silo is found out.</summary>
    private static readonly TimeSpan FreezeOfAll = TimeSpan.FromSeconds(8);

    /// <summary>Far beyond any detection and any recovery: whoever takes longer is told in the result.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly LifeWatch _lives = new(store, timeProvider);

    /// <summary>Follows one of the silos until its work is recovered and, if it was paused, until it has woken and found its place.</summary>
    /// <returns>The silo, and whether it has come back.</returns>
    public async Task<Strike> FollowAsync(Strike strike, CancellationToken cancellationToken)
    {
        if (options.MayLiveOn)
        {
            await Task.Delay(FreezeOfAll, timeProvider, cancellationToken);
        }
        else if (!await _lives.UntilAsync(nodes => Find(nodes, strike) is { Recovered: not null }, Limit, cancellationToken))
        {
            board.Add(TimelineKind.Fault, $"the work of {strike.Node} was not recovered within {Limit.TotalSeconds} s");
        }

        if (options.Signal == KillSignal.Kill)
        {
            return strike;
        }

        board.Add(TimelineKind.Step, strike.Process.Resume()
            ? $"{strike.Node} was woken (SIGCONT)"
            : $"{strike.Node} need not be woken: the others have ended it, because it stood still with a lock of the store");
        var isBack = await _lives.UntilAsync(nodes => IsSettled(nodes, strike), Limit, cancellationToken);
        if (!isBack)
        {
            board.Add(TimelineKind.Fault, $"{strike.Node} has not found its place within {Limit.TotalSeconds} s");
        }

        return strike with { IsMissing = !isBack };
    }

    /// <summary>Tells what the store says of a silo that was struck, once all is done.</summary>
    public async Task<DemoVictim> DescribeAsync(Strike strike, CancellationToken cancellationToken)
    {
        var row = Find(await store.ListNodesAsync(MaxNodes, cancellationToken), strike);
        return new DemoVictim
        {
            Node = strike.Node,
            Signal = options.Signal,
            MayLiveOn = options.MayLiveOn,
            IsMissing = strike.IsMissing,
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
            && newest.LeaseEnds > store.Now
            && (newest.Incarnation == strike.Incarnation || Find(nodes, strike) is null or { Recovered: not null });
    }

    private static NodeRow? Find(IReadOnlyList<NodeRow> nodes, Strike strike) => nodes.FirstOrDefault(node => node.Incarnation == strike.Incarnation);
}

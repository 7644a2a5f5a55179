using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Cli.Live;

/// <summary>Looks into the store now and then and puts what it sees on the board.</summary>
/// <param name="store">The store.</param>
/// <param name="see">Looks at the newest process of each silo.</param>
/// <param name="board">The board.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class NodeWatch(IDurableStore store, Func<IReadOnlyList<SeenProcess>> see, LiveBoard board, TimeProvider timeProvider)
{
    private const int MaxNodes = 200;
    private const int MaxRunning = 2_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<string> _suspected = [];

    /// <summary>Gets how many tasks have ended.</summary>
    public long Ended { get; private set; }

    /// <summary>Gets when the number of tasks that have ended last changed, since the start of the run.</summary>
    public TimeSpan LastProgress { get; private set; }

    /// <summary>Looks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        LastProgress = board.Elapsed;
        try
        {
            do
            {
                await LookAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Notes what the detector says of a node.</summary>
    public void Suspect(string node, bool isSuspected)
    {
        lock (_suspected)
        {
            if (isSuspected)
            {
                _suspected.Add(node);
            }
            else
            {
                _suspected.Remove(node);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var counts = await store.CountAsync(cancellationToken);
            var nodes = await store.ListNodesAsync(MaxNodes, cancellationToken);
            var running = await store.ListAsync(new TaskQuery { Phase = TaskPhase.Running, Limit = MaxRunning }, cancellationToken);
            var ended = counts.Where(count => count.Key.IsFinal()).Sum(count => count.Value);
            if (ended != Ended)
            {
                (Ended, LastProgress) = (ended, board.Elapsed);
            }

            board.Update(ended, [.. see().Select(process => Describe(process, nodes, running))]);
        }
        catch (StoreException exception) when (exception.IsRetryable)
        {
            return; // a silo that stands still may hold the store up for a moment: the next look sees more
        }
    }

    private NodeLine Describe(SeenProcess process, IReadOnlyList<NodeRow> nodes, IReadOnlyList<TaskRow> running)
    {
        var life = nodes.FirstOrDefault(node => node.Name == process.Node);
        return new NodeLine(process.Node, StateOf(process, life), process.ProcessId, running.Count(row => row.Owner == life?.Incarnation));
    }

    private string StateOf(SeenProcess process, NodeRow? life)
    {
        if (process.IsPaused)
        {
            return "paused";
        }

        if (process.HasEnded)
        {
            return "gone";
        }

        lock (_suspected)
        {
            return life is null or { Ended: not null } ? "starting"
                : _suspected.Contains(process.Node) ? "suspected"
                : life.Phase.ToString().ToLowerInvariant();
        }
    }
}

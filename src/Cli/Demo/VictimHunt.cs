using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Cli.Demo;

/// <summary>Strikes silos in the midst of their work.</summary>
/// <remarks>
/// Whoever is to be struck is first made to stand still; then the store is asked what it is running, without what its own last
/// word names as waiting. If that is nothing it goes on, and another moment is awaited. So a silo is struck only while it runs
/// at least one attempt, and nothing can come between the look and the strike.
/// </remarks>
internal sealed class VictimHunt(OwnCluster cluster, DemoOptions options, LiveBoard board, TimeProvider timeProvider)
{
    private const int MaxNodes = 200;
    private const int MaxRunning = 2_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly NodeDirectory _nodes = ActivatorUtilities.CreateInstance<NodeDirectory>(cluster.Services);

    /// <summary>Waits for the moment, and strikes.</summary>
    /// <param name="hasCome">Tells whether the moment has come.</param>
    /// <param name="cancellationToken">Fires when the work is done: then nobody is struck.</param>
    /// <returns>Who was struck; nobody when the work was done before.</returns>
    public async Task<IReadOnlyList<Strike>> RunAsync(Func<bool> hasCome, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (hasCome() && await TryStrikeAsync(cancellationToken) is { Count: > 0 } struck)
                {
                    return struck;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }

        return [];
    }

    private async Task<IReadOnlyList<Strike>> TryStrikeAsync(CancellationToken cancellationToken)
    {
        var living = await LookAsync(cancellationToken);
        var targets = options.Kill == KillTarget.All ? living : [.. living.OrderByDescending(node => node.Started).Take(1)];
        if (targets.Count == 0 || (options.Kill == KillTarget.All && targets.Count < options.Silos))
        {
            return [];
        }

        var paused = targets.Select(node => (node.Incarnation, Process: cluster.Silos.Process(node.Name))).Where(target => target.Process.Pause()).ToList();
        try
        {
            var atRest = (await LookAsync(cancellationToken)).ToDictionary(node => node.Incarnation, node => node.Started);
            if (paused.Count == targets.Count && paused.All(target => atRest.GetValueOrDefault(target.Incarnation) > 0))
            {
                var struck = paused.ConvertAll(target =>
                    new Strike(target.Process, target.Incarnation, board.Elapsed, cluster.Store.Now, atRest[target.Incarnation]));
                paused.Clear();
                Act(struck);
                return struck;
            }
        }
        finally
        {
            paused.ForEach(target => target.Process.Resume());
        }

        return [];
    }

    private void Act(List<Strike> struck)
    {
        foreach (var strike in struck)
        {
            if (options.Signal == KillSignal.Kill)
            {
                strike.Process.Kill();
            }

            var verb = options.Signal == KillSignal.Kill ? "killed (SIGKILL)" : "paused (SIGSTOP)";
            board.Add(TimelineKind.Fault, $"{strike.Node} was {verb} with {strike.Running} attempts under way");
        }
    }

    private async Task<IReadOnlyList<WorkingNode>> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var nodes = _nodes.Read(await cluster.Store.ListNodesAsync(MaxNodes, cancellationToken));
            var running = await cluster.Store.ListAsync(new TaskQuery { Phase = TaskPhase.Running, Limit = MaxRunning }, cancellationToken);
            return WorkingNode.Of(nodes, running);
        }
        catch (StoreException exception) when (exception.IsRetryable)
        {
            return []; // seen nothing: nobody is struck at this moment
        }
    }
}

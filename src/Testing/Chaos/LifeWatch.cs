using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Waits for what becomes of nodes, as their rows in the store tell it. That the store is away for a while is part of the game.</summary>
internal sealed class LifeWatch(IDurableStore store, TimeProvider timeProvider)
{
    private const int MaxLives = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns the newest lives, as soon as the store answers.</summary>
    public async Task<IReadOnlyList<NodeRow>> ReadAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (true)
        {
            if (await TryReadAsync(cancellationToken) is { } lives)
            {
                return lives;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the lives meet a condition.</summary>
    /// <returns>Whether they have met it within the limit.</returns>
    public async Task<bool> UntilAsync(Func<IReadOnlyList<NodeRow>, bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (timeProvider.GetElapsedTime(start) < limit)
        {
            if (await TryReadAsync(cancellationToken) is { } lives && condition(lives))
            {
                return true;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return false;
    }

    /// <summary>Waits until the cluster is whole: every node is alive and has renewed its lease since now, and the work of the dead is recovered.</summary>
    /// <returns>Whether it was within the limit.</returns>
    public async Task<bool> UntilWholeAsync(IReadOnlyCollection<string> nodes, TimeSpan limit, CancellationToken cancellationToken)
    {
        var leases = await ReadAsync(cancellationToken);
        return await UntilAsync(now => ChaosVerdict.IsWhole(nodes, leases, now), limit, cancellationToken);
    }

    private async Task<IReadOnlyList<NodeRow>?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.ListNodesAsync(MaxLives, cancellationToken);
        }
        catch (StoreException exception) when (exception.IsRetryable)
        {
            return null;
        }
    }
}

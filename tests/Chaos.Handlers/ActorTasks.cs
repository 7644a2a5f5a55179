namespace FaultTolerance.Chaos.Handlers;

/// <summary>Handlers that are actors on the silo that runs them.</summary>
public sealed class ActorTasks(IActorMonitor monitor)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Lives as an actor: beats until it is let through at a gate, and is silent from then on until it is let through once more.</summary>
    /// <returns>The attempt's number.</returns>
    [TaskHandler("chaos.live")]
    public async Task<int> Live(string key, int port, TaskContext context, CancellationToken cancellationToken)
    {
        using var watch = monitor.Watch("chaos", key, Interval);
        await BeatUntilAsync(watch, ChaosTasks.VisitAsync(port, context, cancellationToken));
        return await ChaosTasks.VisitAsync(port, context, cancellationToken);
    }

    private static async Task BeatUntilAsync(IActorWatch watch, Task end)
    {
        while (await Task.WhenAny(end, Task.Delay(Interval / 4, CancellationToken.None)) != end)
        {
            watch.Beat();
        }

        await end;
    }
}

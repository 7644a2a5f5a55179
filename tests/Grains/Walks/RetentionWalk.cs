using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Tasks, nodes and incidents are older than their retention.</summary>
internal sealed class RetentionWalk : WriteWalk
{
    private TaskId _kept;

    public override IReadOnlyList<string> Writes { get; } =
        [nameof(IStorageEngine.PurgeAsync), nameof(IStorageEngine.PurgeNodesAsync), nameof(IStorageEngine.PurgeEventsAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(RetentionSweeper)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        lab.Recovery.BatchSize = 2;
        foreach (var phase in (TaskPhase[])[TaskPhase.Succeeded, TaskPhase.Succeeded, TaskPhase.Succeeded, TaskPhase.Failed, TaskPhase.Cancelled])
        {
            await lab.EndedAsync(phase);
        }

        await lab.JoinAsync(1);
        await lab.KillAsync(1);
        await lab.RecoverAsync(1);
        lab.Time.Advance(lab.Recovery.HistoryRetention + TimeSpan.FromMinutes(1));
        _kept = await lab.EndedAsync(TaskPhase.Succeeded);
    }

    public override async Task ActAsync(StoreLab lab)
    {
        var sweeper = lab.Retention();
        for (var step = 0; step < 3; step++)
        {
            await sweeper.StepAsync(null, CancellationToken.None);
        }
    }

    public override Task FollowAsync(StoreLab lab) => ActAsync(lab);

    public override async Task CheckAsync(StoreLab lab)
    {
        Assert.Equal([_kept], (await lab.TasksAsync()).Select(task => task.Id));
        Assert.Empty(await lab.Store.ListNodesAsync(10, CancellationToken.None));
        Assert.Empty(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
    }
}

using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>What a node claimed after it was recovered is found by its owner and moved.</summary>
internal sealed class OrphanWalk : WriteWalk
{
    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitTasksAsync), nameof(IStorageEngine.UpdateEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(OwnerRecovery), typeof(IncidentLog)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        lab.Recovery.BatchSize = 2;
        await lab.JoinAsync(1);
        await lab.KillAsync(1);
        await lab.NodeRecovery().RecoverAsync(await lab.NodeAsync(1), CancellationToken.None);
        for (var late = 0; late < 3; late++)
        {
            await lab.RunningAsync(1);
        }
    }

    public override Task ActAsync(StoreLab lab) => lab.Orphans().StepAsync(null, CancellationToken.None);

    public override Task FollowAsync(StoreLab lab) => lab.Orphans().StepAsync(null, CancellationToken.None);

    public override async Task CheckAsync(StoreLab lab)
    {
        var tasks = await lab.TasksAsync(TaskPhase.Queued);
        Assert.Equal(3, tasks.Count);
        Assert.All(tasks, task => Assert.Equal((1, 1, 1), (task.Attempt, task.Life.Charges, task.Life.Attempts.Count)));
        Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
    }
}

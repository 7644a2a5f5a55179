using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Whoever was to wake dependents died; the sweep does.</summary>
internal sealed class DependentWalk : WriteWalk
{
    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.LookAtDependenciesAsync), nameof(IStorageEngine.WakeAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(DependentSweeper)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        lab.Recovery.BatchSize = 2;
        var needed = await lab.EndedAsync(TaskPhase.Succeeded);
        for (var i = 0; i < 3; i++)
        {
            await lab.InsertAsync(task => task with { Phase = TaskPhase.Waiting }, null, needed);
        }
    }

    public override Task ActAsync(StoreLab lab) => lab.Dependents().StepAsync(null, CancellationToken.None);

    public override Task FollowAsync(StoreLab lab) => lab.Dependents().StepAsync(null, CancellationToken.None);

    public override async Task CheckAsync(StoreLab lab)
    {
        var woken = await lab.TasksAsync(TaskPhase.Queued);
        Assert.Equal(3, woken.Count);
        Assert.All(woken, task => Assert.Equal(0, task.Attempt));
    }
}

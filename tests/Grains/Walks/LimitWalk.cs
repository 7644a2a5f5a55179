using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Tasks that nobody runs are past their deadline, and one has a child.</summary>
internal sealed class LimitWalk : WriteWalk
{
    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitTasksAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(LimitEnforcement), typeof(TaskCancellation)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        var deadline = lab.Store.Now.AddSeconds(5);
        var parent = await lab.InsertAsync(task => task with { Deadline = deadline });
        await lab.InsertAsync(task => task with { Phase = TaskPhase.Waiting, Deadline = deadline });
        await lab.InsertAsync(task => task with { Spec = task.Spec with { Parent = parent } });
        lab.Pass(5);
    }

    public override async Task ActAsync(StoreLab lab)
    {
        var sweeper = lab.Unfinished();
        await sweeper.StepAsync(null, CancellationToken.None);
        lab.Time.Advance(lab.Recovery.SweepInterval);
        await sweeper.StepAsync(null, CancellationToken.None);
    }

    public override Task FollowAsync(StoreLab lab) => ActAsync(lab);

    public override async Task CheckAsync(StoreLab lab)
    {
        var failed = await lab.TasksAsync(TaskPhase.Failed);
        Assert.Equal(2, failed.Count);
        Assert.All(failed, task => Assert.Equal(FailureKind.DeadlineExceeded, task.Life.Failure!.Kind));
        Assert.Single(await lab.TasksAsync(TaskPhase.Cancelled));
    }
}

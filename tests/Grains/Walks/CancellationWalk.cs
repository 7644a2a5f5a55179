using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A client cancels a task, and the cancellation goes on to its children. The client repeats what was not answered; sweeps find the rest.</summary>
internal sealed class CancellationWalk : WriteWalk
{
    private TaskId _parent;
    private TaskId _detached;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitTasksAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(TaskCancellation)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        _parent = await lab.RunningAsync(1);
        foreach (var phase in (TaskPhase[])[TaskPhase.Waiting, TaskPhase.Queued])
        {
            await lab.InsertAsync(task => task with { Phase = phase, Spec = task.Spec with { Parent = _parent } });
        }

        _detached = await lab.InsertAsync(task => task with { Spec = task.Spec with { Parent = _parent, Detached = true } });
    }

    public override async Task ActAsync(StoreLab lab)
    {
        var cancelled = await lab.Cancellation().CancelAsync(_parent, "enough", lab.Pipeline.Post, CancellationToken.None);
        await lab.Children().CancelAsync(cancelled!, lab.Pipeline.Post, CancellationToken.None);
    }

    public override async Task FollowAsync(StoreLab lab)
    {
        var again = await lab.Cancellation().CancelAsync(_parent, "enough", lab.Pipeline.Post, CancellationToken.None);
        Assert.Equal(TaskPhase.Cancelled, again!.Phase);
        await lab.Unfinished().StepAsync(null, CancellationToken.None);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        Assert.Equal(3, (await lab.TasksAsync(TaskPhase.Cancelled)).Count);
        Assert.Equal([_detached], (await lab.TasksAsync(TaskPhase.Queued)).Select(task => task.Id));
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single((await lab.TaskAsync(_parent)).Life.Attempts).Outcome);
    }
}

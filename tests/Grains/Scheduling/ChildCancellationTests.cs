using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.Scheduling;

public sealed class ChildCancellationTests
{
    private readonly List<PipelineEvent> _posted = [];

    [Fact]
    public async Task Running_children_are_cancelled_in_one_write_and_their_nodes_are_told_in_one_go()
    {
        await using var lab = await StoreLab.OpenAsync();
        var parent = await CancelledParentAsync(lab);
        var onFirst = await ChildrenAsync(lab, parent, 24, task => Running(lab, task, owner: 1));
        var onSecond = await ChildrenAsync(lab, parent, 3, task => Running(lab, task, owner: 2));
        var before = lab.Engine.Writes;

        await lab.Children().CancelAsync(parent, _posted.Add, CancellationToken.None);

        Assert.Equal(before + 1, lab.Engine.Writes);
        Assert.Equal(
            onFirst.Select(id => (Life(1), new AttemptName(id, 1))).Concat(onSecond.Select(id => (Life(2), new AttemptName(id, 1)))).OrderBy(one => one.Item2.Task),
            Assert.Single(lab.Voids.Told).OrderBy(one => one.Attempt.Task));
        Assert.Equal(27, _posted.OfType<TasksEnded>().Sum(ended => ended.Tasks.Count));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_holds_up_no_cancellation()
    {
        await using var lab = await StoreLab.OpenAsync();
        var parent = await CancelledParentAsync(lab);
        var children = await ChildrenAsync(lab, parent, 24, task => Running(lab, task, owner: 1));
        var silence = new TaskCompletionSource();
        lab.Voids.Answer = silence.Task;

        var cancel = lab.Children().CancelAsync(parent, _posted.Add, CancellationToken.None);
        await lab.Voids.Asked.Task;

        Assert.All(await lab.TasksAsync(TaskPhase.Cancelled), task => Assert.Contains(task.Id, children.Append(parent.Id)));
        Assert.Equal(25, (await lab.TasksAsync(TaskPhase.Cancelled)).Count);
        Assert.Equal(24, _posted.OfType<TasksEnded>().Sum(ended => ended.Tasks.Count));
        silence.SetResult();
        await cancel;
    }

    [Fact]
    public async Task Waiting_and_queued_children_end_too_and_detached_ones_and_those_of_others_go_on()
    {
        await using var lab = await StoreLab.OpenAsync();
        var parent = await CancelledParentAsync(lab);
        var waiting = await ChildrenAsync(lab, parent, 1, task => task with { Phase = TaskPhase.Waiting });
        var queued = await ChildrenAsync(lab, parent, 1, task => task);
        var detached = await ChildrenAsync(lab, parent, 1, task => task with { Spec = task.Spec with { Detached = true } });
        var stranger = await lab.InsertAsync(task => task);

        await lab.Children().CancelAsync(parent, _posted.Add, CancellationToken.None);

        Assert.Equal(waiting.Concat(queued).Append(parent.Id).Order(), (await lab.TasksAsync(TaskPhase.Cancelled)).Select(task => task.Id).Order());
        Assert.Equal(detached.Append(stranger).Order(), (await lab.TasksAsync(TaskPhase.Queued)).Select(task => task.Id).Order());
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_given_up_after_a_time()
    {
        await using var lab = await StoreLab.OpenAsync();
        var parent = await CancelledParentAsync(lab);
        using var gate = lab.Engine.Hold(call => call.Operation == nameof(IStorageEngine.ReadEdgesAsync));

        var cancel = lab.Children().CancelAsync(parent, _posted.Add, CancellationToken.None);
        await gate.ArrivedAsync();
        lab.Pass(seconds: 10);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancel);
    }

    [Fact]
    public async Task A_task_whose_handler_saves_progress_all_along_is_cancelled_all_the_same()
    {
        await using var lab = await StoreLab.OpenAsync();
        var id = await lab.InsertAsync(task => Running(lab, task, owner: 9));
        var stale = await lab.TaskAsync(id);
        var save = TaskLifecycle.Apply(stale, new ProgressSaved(1, stale.Owner, "node-9", [1], "int"), new TaskRetryPolicy(), lab.Store.Now, 0);
        await lab.Store.WriteTaskAsync(lab.Codec.Update(new TaskCommit(stale, save.State, lab.Store.NewToken(), IfToken: stale.Token)));

        await lab.Cancellation().CancelAsync([stale], "no longer wanted", _posted.Add, CancellationToken.None);

        var cancelled = await lab.TaskAsync(id);
        Assert.Equal(TaskPhase.Cancelled, cancelled.Phase);
        Assert.Null(cancelled.Life.Progress);
    }

    private static async Task<TaskState> CancelledParentAsync(StoreLab lab) => await lab.TaskAsync(await lab.EndedAsync(TaskPhase.Cancelled));

    private static TaskState Running(StoreLab lab, TaskState task, int owner) =>
        task with { Phase = TaskPhase.Running, Attempt = 1, Owner = Life(owner), Claimed = lab.Store.Now };

    private static async Task<IReadOnlyList<TaskId>> ChildrenAsync(StoreLab lab, TaskState parent, int count, Func<TaskState, TaskState> with)
    {
        var ids = new List<TaskId>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await lab.InsertAsync(task => with(task with { Spec = task.Spec with { Parent = parent.Id } })));
        }

        return ids;
    }
}

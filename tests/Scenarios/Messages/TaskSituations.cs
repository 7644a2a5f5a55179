using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Testing.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>What sends the messages about one task, and about work in the queue.</summary>
internal static class TaskSituations
{
    public static async Task LookAsync(MessageLab lab)
    {
        var task = await EndedAsync(lab);

        var shown = (await lab.StrikeAsync(() => lab.Client.GetSnapshotAsync(task)))!;

        Assert.Equal((task, TaskPhase.Succeeded, 1), (shown.Id, shown.Phase, shown.Attempt));
    }

    public static async Task ReadHistoryAsync(MessageLab lab)
    {
        var task = await EndedAsync(lab);

        Assert.Single((await lab.StrikeAsync(() => lab.Client.GetHistoryAsync(task)))!.Attempts);
    }

    public static async Task ReadLineageAsync(MessageLab lab)
    {
        var task = await EndedAsync(lab);
        var needed = new ObjectRef<int>(task);
        var dependent = await lab.Client.SubmitAsync((ScenarioTasks t) => t.Add(needed.Result, 1));

        Assert.Equal([dependent.TaskId], (await lab.StrikeAsync(() => lab.Client.GetLineageAsync(task)))!.Downstream);
    }

    public static async Task CancelAsync(MessageLab lab)
    {
        var name = lab.Name;
        var parent = await lab.Client.SubmitAsync((ScenarioTasks t) => t.Parent(name, false, default!, default));
        await ScenarioTasks.StartOf(name);
        var child = (await ScenarioTasks.StartOf($"{name}/child")).TaskId;

        Assert.Equal(TaskPhase.Cancelled, (await lab.StrikeAsync(() => lab.Client.CancelAsync(parent.TaskId)))!.Phase);

        await ScenarioTasks.Cancelled(name);
        await ScenarioTasks.Cancelled($"{name}/child");
        foreach (var id in new[] { parent.TaskId, child })
        {
            await Assert.ThrowsAsync<TaskCancelledException>(() => lab.Client.GetAsync(new ObjectRef<int>(id)));
            Assert.Equal(AttemptOutcome.Cancelled, Assert.Single((await lab.Client.GetHistoryAsync(id))!.Attempts).Outcome);
        }
    }

    public static Task VoidAsync(MessageLab lab) =>
        lab.StrikeAsync(() => CancelRunningAsync(lab, "first"), () => CancelRunningAsync(lab, "second"));

    public static async Task HintAsync(MessageLab lab)
    {
        var teller = lab.Cluster.SiloServices(0);
        var name = lab.Name;

        var task = await lab.StrikeAsync(
            async () =>
            {
                var queued = await lab.InsertAsync(name, task => task);
                teller.GetRequiredService<PipelineAnnouncements>().HintPeers();
                Assert.Equal(1, await lab.Client.GetAsync(new ObjectRef<int>(queued)));
                return queued;
            },
            () => Task.WhenAll(PeersOf(lab, 0).Select(peer => teller.GetRequiredService<NodeLinks>().To(peer.Address).HintAsync())));

        await lab.RanOnceAsync(task, name);
    }

    public static async Task AskForTypesAsync(MessageLab lab)
    {
        // Who gave no answer is not asked again by the same node for a while: each fault has two nodes of its own.
        var text = lab.Name;
        var task = await lab.StrikeAsync(
            () => lab.Fault switch
            {
                MessageFault.RequestLost => ClientBeside(lab, "alone.first@1", 1).SubmitAsync((FirstAlone t) => t.First(text)),
                MessageFault.ReplyLost => ClientBeside(lab, "alone.second@1", 1).SubmitAsync((SecondAlone t) => t.Second(text)),
                MessageFault.DeliveredTwice => ClientBeside(lab, "alone.first@1", 2).SubmitAsync((FirstAlone t) => t.First(text)),
                _ => ClientBeside(lab, "alone.third@1", 1).SubmitAsync((ThirdAlone t) => t.Third(text)),
            },
            () => lab.Fault == MessageFault.DeliveredLate
                ? ClientBeside(lab, "alone.first@1", 2).SubmitAsync((FirstAlone t) => t.FirstOther(text))
                : Task.CompletedTask);

        Assert.Equal(text, await lab.Client.GetAsync(task));
        Assert.Single((await lab.Client.GetHistoryAsync(task.TaskId))!.Attempts);
    }

    public static async Task ListAsync(MessageLab lab)
    {
        var task = await EndedAsync(lab);

        var page = await lab.StrikeAsync(() => MessageLab.AskAsync(() => ListTasksAsync(lab)), () => ListTasksAsync(lab));

        Assert.Contains(task, page.Tasks.Select(listed => listed.Id));
    }

    private static Task<TaskPage> ListTasksAsync(MessageLab lab) =>
        lab.Orleans.GetGrain<IClusterQueryGrain>(0).ListTasksAsync(new TaskFilter { Limit = TaskFilter.MaxLimit });

    private static async Task<TaskId> EndedAsync(MessageLab lab)
    {
        var task = await lab.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 1));
        Assert.Equal(2, await lab.Client.GetAsync(task));
        return task.TaskId;
    }

    /// <summary>Cancels a task that runs, and waits until its handler has stopped.</summary>
    private static async Task<TaskId> CancelRunningAsync(MessageLab lab, string which)
    {
        var name = $"{lab.Name} {which}";
        var task = await lab.Client.SubmitAsync((ScenarioTasks t) => t.Wait(name, default!, default));
        await ScenarioTasks.StartOf(name);
        Assert.Equal(TaskPhase.Cancelled, (await lab.Client.CancelAsync(task.TaskId))!.Phase);

        await ScenarioTasks.Cancelled(name);
        await Assert.ThrowsAsync<TaskCancelledException>(() => lab.Client.GetAsync(task));
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single((await lab.Client.GetHistoryAsync(task.TaskId))!.Attempts).Outcome);
        return task.TaskId;
    }

    private static IEnumerable<NodeInfo> PeersOf(MessageLab lab, int silo) =>
        Enumerable.Range(0, lab.Cluster.Nodes).Where(other => other != silo).Select(other => lab.Node(other).Info);

    /// <summary>Returns the client of a silo that is so many further than the one which has a handler.</summary>
    private static IFaultToleranceClient ClientBeside(MessageLab lab, string handler, int further)
    {
        var owner = Enumerable.Range(0, lab.Cluster.Nodes).Single(silo => lab.Node(silo).Info.Handlers.Contains(handler));
        return lab.Cluster.SiloServices((owner + further) % lab.Cluster.Nodes).GetRequiredService<IFaultToleranceClient>();
    }
}

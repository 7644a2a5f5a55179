using FaultTolerance.Testing.Messages;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>What sends the messages between a client and the cluster.</summary>
internal static class ClientSituations
{
    public static async Task SubmitAsync(MessageLab lab)
    {
        var name = lab.Name;
        var task = await lab.StrikeAsync(() => lab.Client.SubmitAsync((ScenarioTasks t) => t.Count(name)));

        Assert.Equal(1, await lab.Client.GetAsync(task));
        await lab.RanOnceAsync(task.TaskId, name);
    }

    public static async Task AskAsync(MessageLab lab)
    {
        var task = await lab.Cluster.HostedClient.SubmitAsync((ScenarioTasks t) => t.Add(1, 2));
        await lab.Cluster.HostedClient.GetAsync(task);

        Assert.Equal(3, await lab.StrikeAsync(() => lab.Client.GetAsync(task)));
    }

    public static async Task FetchAsync(MessageLab lab)
    {
        var big = await lab.Client.SubmitAsync((ScenarioTasks t) => t.Big(200_000));

        Assert.Equal(new ScenarioTasks().Big(200_000), await lab.StrikeAsync(() => lab.Client.GetAsync(big)));
    }

    public static async Task ListenAsync(MessageLab lab)
    {
        await CountAsync(lab, "before");

        await lab.StrikeAsync(() => CountAsync(lab, "while"), which: call => IsSession(call, lab.Client));

        await CountAsync(lab, "after");
    }

    public static Task TellAsync(MessageLab lab) =>
        lab.StrikeAsync(() => CountAsync(lab, "first"), () => CountAsync(lab, "second"), call => IsSession(call, lab.Client));

    public static Task HearAsync(MessageLab lab) => lab.StrikeAsync(() => CountAsync(lab, "first"), () => CountAsync(lab, "second"));

    private static async Task<TaskId> CountAsync(MessageLab lab, string when)
    {
        var name = $"{lab.Name} {when}";
        var task = await lab.Client.SubmitAsync((ScenarioTasks t) => t.Count(name));
        Assert.Equal(1, await lab.Client.GetAsync(task));
        await lab.RanOnceAsync(task.TaskId, name);
        return task.TaskId;
    }

    private static bool IsSession(MessageCall call, IFaultToleranceClient client) => call.Target.GetGuidKey() == client.Session.Value;
}

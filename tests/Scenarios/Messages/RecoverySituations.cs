using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>What sends the messages that keep recovery going.</summary>
internal static class RecoverySituations
{
    public static Task TouchAsync(MessageLab lab) => RecoverAsync(lab, (recovery, act) => lab.StrikeAsync(act, which: call => call.Target == recovery.GetGrainId()));

    public static Task RemindAsync(MessageLab lab) => RecoverAsync(lab, (recovery, act) =>
    {
        var reminded = lab.Orleans.GetGrain<IRemindable>(recovery.GetGrainId());
        return lab.StrikeAsync(
            async () =>
            {
                await act();
                await reminded.ReceiveReminder("recovery", default).ContinueWith(_ => { }, TaskScheduler.Default); // Orleans repeats none
                return true;
            },
            () => reminded.ReceiveReminder("recovery", default));
    });

    /// <summary>Lets a node die that ran a task, and waits for the task.</summary>
    private static async Task RecoverAsync(MessageLab lab, Func<IRecoveryGrain, Func<Task<bool>>, Task> strikeWhile)
    {
        var name = lab.Name;
        var dead = lab.Node(0).Info with { Name = name, Incarnation = NodeIncarnation.New(TimeProvider.System.GetUtcNow(), 4_711 + (int)lab.Fault), Address = SiloAddress.Zero };
        var task = default(TaskId);
        await strikeWhile(RecoveryOf(lab, dead), async () =>
        {
            task = await DieAsync(lab, dead, name);
            return true;
        });

        var incident = await lab.Events.RecoveredAsync(dead.Incarnation);

        Assert.Equal(1, await lab.Client.GetAsync(new ObjectRef<int>(task)));
        Assert.Equal(1, ScenarioTasks.Runs[name]);
        Assert.Equal(
            [(1, AttemptOutcome.Failed), (2, AttemptOutcome.Succeeded)],
            (await lab.Client.GetHistoryAsync(task))!.Attempts.Select(attempt => (attempt.Number, attempt.Outcome)));
        Assert.Equal((1, FailureKind.Crash), (incident.AttemptsAffected, incident.Kind));
        var incidents = await lab.Orleans.GetGrain<IClusterQueryGrain>(0).ListIncidentsAsync(IClusterQueryGrain.MaxIncidents);
        Assert.Single(incidents, listed => listed.Incarnation == dead.Incarnation);
    }

    private static async Task<TaskId> DieAsync(MessageLab lab, NodeInfo dead, string name)
    {
        var services = lab.Cluster.SiloServices(0);
        var store = services.GetRequiredService<IDurableStore>();
        var record = services.GetRequiredService<Serializer<NodeRecord>>().SerializeToArray(new NodeRecord { Info = dead });
        var row = new NodeRow { Incarnation = dead.Incarnation, Name = dead.Name, Phase = NodePhase.Joining, Info = record };
        Assert.True(await store.RegisterNodeAsync(row, TimeSpan.FromMinutes(1), CancellationToken.None));
        var task = await lab.InsertAsync(name, task => task with { Phase = TaskPhase.Running, Attempt = 1, Owner = dead.Incarnation, Claimed = store.Now });
        var sentence = new DeathSentence(new KnownNode(row, new NodeRecord { Info = dead }), IsProvedGone: true, "It was killed.");
        Assert.True(await services.GetRequiredService<NodeDeaths>().EndAsync(sentence, CancellationToken.None));
        return task;
    }

    private static IRecoveryGrain RecoveryOf(MessageLab lab, NodeInfo dead)
    {
        var shards = lab.Cluster.SiloServices(0).GetRequiredService<IOptions<RecoveryOptions>>().Value.Shards;
        return lab.Orleans.GetGrain<IRecoveryGrain>(RecoveryDuties.ShardOf(dead.Incarnation, shards));
    }
}

using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>From the death of a node to the end of its recovery. The recovering silo dies at any write of it; another one goes on.</summary>
internal sealed class RecoveryWalk : WriteWalk
{
    private const int Tasks = 5;

    public override IReadOnlyList<string> Writes { get; } =
    [
        nameof(IStorageEngine.EndNodeAsync), nameof(IStorageEngine.AddEventAsync), nameof(IStorageEngine.UpdateEventAsync),
        nameof(IStorageEngine.CommitTasksAsync), nameof(IStorageEngine.MarkRecoveredAsync),
    ];

    public override IReadOnlyList<Type> Writers { get; } =
        [typeof(NodeDeaths), typeof(NodeRecovery), typeof(OwnerRecovery), typeof(NodeIncidents), typeof(IncidentLog)];

    /// <summary>What a silo does for others, round by round: it declares the dead dead, records what is not recorded, and recovers.</summary>
    public static async Task RoundAsync(StoreLab lab)
    {
        lab.Recovery.Shards = 1;
        await using var pacemaker = lab.Pacemaker();
        await TryAsync(() => pacemaker.LookAsync(CancellationToken.None));
        lab.Time.Advance(NodeDeaths.RecorderLimit);
        await TryAsync(() => pacemaker.LookAsync(CancellationToken.None));
        var shard = lab.Shard();
        for (var pass = 0; pass < Tasks && await shard.PassAsync(0, CancellationToken.None); pass++)
        {
            lab.Pass(0.001); // which grants the next batches
        }
    }

    public override async Task PrepareAsync(StoreLab lab)
    {
        (lab.Recovery.BatchSize, lab.Recovery.AttemptsPerSecond) = (2, 1_000_000);
        await lab.JoinAsync(1);
        for (var i = 0; i < Tasks; i++)
        {
            await lab.RunningAsync(1, i == 0 ? new TaskRetryPolicy { MaxCrashRetries = 0 } : null);
        }

        lab.Prover.Bury(NodeFacts.Life(1));
    }

    public override Task ActAsync(StoreLab lab) => RoundAsync(lab);

    public override Task FollowAsync(StoreLab lab) => RoundAsync(lab);

    public override async Task CheckAsync(StoreLab lab)
    {
        var tasks = await lab.TasksAsync();
        Assert.Equal([Tasks - 1, 1], [tasks.Count(task => task.Phase == TaskPhase.Queued), tasks.Count(task => task.Phase == TaskPhase.Failed)]);
        Assert.All(tasks, task => Assert.Equal((1, 1, 1), (task.Attempt, task.Life.Charges, task.Life.Attempts.Count)));
        Assert.NotNull((await lab.RowAsync(1)).Recovered);
        var incident = Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
        Assert.Equal((FailureKind.Crash, Tasks), (incident.Kind, incident.AttemptsAffected));
        Assert.NotNull(incident.RecoveredAt);
        Assert.InRange(lab.Events.Heard.Count(heard => heard == "node-1 dead"), 0, 1);
    }
}

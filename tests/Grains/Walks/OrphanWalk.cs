using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>What a node claimed after it was recovered is found by its owner, counted and moved; and then what it claimed after that.</summary>
internal sealed class OrphanWalk : WriteWalk
{
    private const int Late = 3;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitTasksAsync), nameof(IStorageEngine.UpdateEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(OrphanSweeper), typeof(OwnerRecovery), typeof(IncidentLog)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        lab.Recovery.BatchSize = 2;
        await lab.JoinAsync(1);
        await lab.RunningAsync(1);
        await lab.KillAsync(1);
        await lab.RecoverAsync(1);
        await ClaimAsync(lab);
    }

    public override Task ActAsync(StoreLab lab) => SweepAsync(lab);

    public override async Task FollowAsync(StoreLab lab)
    {
        await ClaimAsync(lab);
        await SweepAsync(lab);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        var tasks = await lab.TasksAsync(TaskPhase.Queued);
        Assert.Equal(1 + (2 * Late), tasks.Count);
        Assert.All(tasks, task => Assert.Equal((1, 1, 1), (task.Attempt, task.Life.Charges, task.Life.Attempts.Count)));
        var incident = Assert.Single(await lab.IncidentLog.ListAsync(10, CancellationToken.None));
        Assert.Equal(tasks.Count, incident.AttemptsAffected);
        var found = incident.Actions.Select(action => action.What).Where(what => what.StartsWith("attempts that it claimed after its death", StringComparison.Ordinal)).ToList();
        Assert.Equal(2 * Late, found.Sum(what => int.Parse(what.Split(": ")[^1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.InRange(found.Count, 1, 2);
    }

    /// <summary>Sweeps once, in as many steps as the rate asks for.</summary>
    private static async Task SweepAsync(StoreLab lab)
    {
        var sweeper = lab.Orphans();
        for (var step = 0; step < Late; step++, lab.Pass(0.01))
        {
            await sweeper.StepAsync(null, CancellationToken.None);
        }
    }

    private static async Task ClaimAsync(StoreLab lab)
    {
        for (var late = 0; late < Late; late++)
        {
            await lab.RunningAsync(1);
        }
    }
}

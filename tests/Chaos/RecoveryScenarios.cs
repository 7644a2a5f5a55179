using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Recoveries that take seconds, so that a fault finds them half-way.</summary>
public sealed class RecoveryScenarios(ChaosServer server)
{
    private const int Transfers = 15;

    /// <summary>Recovers two attempts a second, which are due again at once; one node has room for all of them.</summary>
    private static readonly Dictionary<string, string> Slowly = new()
    {
        ["FaultTolerance__Recovery__Shards"] = "1",
        ["FaultTolerance__Recovery__BatchSize"] = "1",
        ["FaultTolerance__Recovery__AttemptsPerSecond"] = "2",
        ["FaultTolerance__Tasks__Retry__DelayBase"] = "00:00:00.1",
        ["FaultTolerance__Tasks__Slots"] = "15",
    };

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public Task The_silo_that_recovers_is_killed_in_the_midst_of_a_recovery_and_the_third_ends_it(string store) =>
        AssertEndedByTheThirdAsync(store, FailureKind.Crash, (_, recoverer) => recoverer.Kill());

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public Task The_silo_that_recovers_freezes_in_the_midst_of_a_recovery_and_changes_nothing_when_it_wakes_after_the_third_has_ended_it(string store) =>
        AssertEndedByTheThirdAsync(store, FailureKind.NodeLost, (cluster, recoverer) => cluster.Freeze(recoverer));

    private async Task AssertEndedByTheThirdAsync(string store, FailureKind kind, Action<ChaosCluster, SiloProcess> strike)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store), environment: Slowly);
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(cluster.Client, Transfers);
        await bank.UntilHeldAsync(Transfers, cluster.Hang);
        var (victim, lost) = await FindBusiestAsync(cluster, transfers);

        cluster.Silos.Process(victim).Kill();
        var recoverer = (await cluster.UntilAsync("recovery-started", told => told.Text("node") == victim)).Node;
        await bank.UntilHeldAsync(1, cluster.Hang); // the first has been resubmitted, and runs
        var struck = cluster.Silos.Process(recoverer);
        strike(cluster, struck);
        var ends = await Task.WhenAll(cluster.UntilRecoveredAsync(victim), cluster.UntilRecoveredAsync(recoverer));
        bank.Open();
        await cluster.UntilEndedAsync(transfers);
        struck.Resume();
        await struck.Ended.WaitAsync(cluster.Hang);
        await bank.UntilRefusedAsync(1, cluster.Hang); // the attempt that was replaced before the second fault

        bank.AssertDoneOnce(transfers);
        var third = Assert.Single(cluster.Silos.Slots, slot => slot.Name != victim && slot.Name != recoverer);
        Assert.All(ends, told => Assert.Equal(third.Name, told.Node));
        var incidents = await cluster.IncidentsAsync();
        Assert.Equal(new[] { victim, recoverer }.Order(), incidents.Select(incident => incident.Node).Order());
        Assert.Equal(new[] { victim, recoverer }.Order(), cluster.Deaths().Select(told => told.Text("node")).Order());
        var moved = Assert.Single(incidents, incident => incident.Node == victim).Actions.Select(action => action.What).ToList();
        Assert.DoesNotContain("attempts moved: 0", moved);
        Assert.DoesNotContain($"attempts moved: {lost}", moved);
        Assert.All(cluster.Silos.Events.ToList().Where(told => told.Name == "recovered"), told => Assert.Equal(third.Name, told.Node));
        foreach (var transfer in transfers)
        {
            var attempts = (await cluster.Client.GetHistoryAsync(transfer.TaskId, cluster.Hang))!.Attempts;
            var charged = attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Failed).Select(attempt => (attempt.Node, attempt.Failure?.Kind)).ToList();
            Assert.Equal((third.Name, null), (attempts[^1].Node, attempts[^1].Failure));
            Assert.Equal(charged.Distinct(), charged); // at most one for each death
            Assert.All(charged, attempt => Assert.Contains(attempt, new (string, FailureKind?)[] { (victim, FailureKind.Crash), (recoverer, kind) }));
        }

        await cluster.AssertInvariantsAsync();
    }

    /// <summary>Returns the node that runs most of the transfers, and how many.</summary>
    private static async Task<(string Node, int Attempts)> FindBusiestAsync(ChaosCluster cluster, IEnumerable<ObjectRef<int>> transfers)
    {
        var histories = await Task.WhenAll(transfers.Select(transfer => cluster.Client.GetHistoryAsync(transfer.TaskId, cluster.Hang)));
        var busiest = histories.CountBy(history => history!.Attempts[^1].Node).MaxBy(node => node.Value);
        return (busiest.Key, busiest.Value);
    }
}

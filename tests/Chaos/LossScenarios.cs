namespace FaultTolerance.Chaos.Tests;

/// <summary>More than one node lost, or the one that watches the others.</summary>
public sealed class LossScenarios(ChaosServer server)
{
    private const int Transfers = 12;

    private static readonly Dictionary<string, string> RoomForAll = new()
    {
        ["FaultTolerance__Tasks__Slots"] = "12",
        ["FaultTolerance__Tasks__Retry__DelayBase"] = "00:00:00.1",
    };

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task The_silo_of_the_detector_is_killed_with_another_and_the_third_finds_both_and_goes_on(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(cluster.Client, 1_000);
        await cluster.UntilHeldEverywhereAsync(bank);
        var detector = await cluster.FindDetectorAsync();
        var survivor = cluster.Silos.Slots.Last(slot => slot.Name != detector).Name;
        var killed = cluster.Silos.Slots.Select(slot => slot.Name).Where(name => name != survivor).ToList();

        killed.ForEach(name => cluster.Silos.Process(name).Kill());
        await Task.WhenAll(killed.Select(cluster.UntilRecoveredAsync));
        bank.Open();
        await cluster.UntilEndedAsync(transfers);

        bank.AssertDoneOnce(transfers);
        Assert.Equal(killed, cluster.Deaths().Select(told => told.Text("node")).Order());
        Assert.Equal(survivor, await cluster.FindDetectorAsync());
        await cluster.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task Two_of_three_silos_that_freeze_at_once_are_replaced_by_the_third_and_change_nothing_when_they_wake(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store), environment: RoomForAll);
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(cluster.Client, Transfers);
        await bank.UntilHeldAsync(Transfers, cluster.Hang);
        var runs = await FindNodesAsync(cluster, transfers);
        var third = runs.CountBy(node => node).MinBy(node => node.Value).Key;
        var frozen = cluster.Silos.Slots.Where(slot => slot.Name != third).Select(slot => cluster.Silos.Process(slot.Name)).ToList();
        var lost = runs.Count(node => node != third);

        frozen.ForEach(cluster.Freeze);
        await Task.WhenAll(frozen.Select(process => cluster.UntilRecoveredAsync(process.Slot.Name)));
        await bank.UntilHeldAsync(lost, cluster.Hang); // all of it runs again, on the one that is left
        frozen.ForEach(process => process.Resume());
        bank.Open();
        await Task.WhenAll(frozen.Select(process => process.Ended.WaitAsync(cluster.Hang)));
        await cluster.UntilEndedAsync(transfers);

        await bank.UntilRefusedAsync(lost, cluster.Hang);
        bank.AssertDoneOnce(transfers);
        foreach (var (transfer, node) in transfers.Zip(runs))
        {
            var attempts = (await cluster.Client.GetHistoryAsync(transfer.TaskId, cluster.Hang))!.Attempts;
            Assert.Equal(node == third ? [(third, null)] : [(node, FailureKind.NodeLost), (third, null)], attempts.Select(attempt => (attempt.Node, attempt.Failure?.Kind)));
        }

        await cluster.AssertInvariantsAsync();
        Assert.Equal(
            frozen.Select(process => (process.Slot.Name, FailureKind.NodeLost)),
            (await cluster.IncidentsAsync()).Select(incident => (incident.Node!, incident.Kind)).OrderBy(incident => incident.Item1));
    }

    [Fact]
    public async Task The_silo_of_the_detector_freezes_and_is_found_by_the_others_and_then_each_is_killed_after_the_other()
    {
        await using var cluster = await ChaosCluster.StartAsync(restartsDead: true);
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(cluster.Client, 300);
        await cluster.UntilHeldEverywhereAsync(bank);
        var frozen = cluster.Silos.Process(await cluster.FindDetectorAsync());

        cluster.Freeze(frozen);
        await cluster.UntilRecoveredAsync(frozen.Slot.Name);
        Assert.NotEqual(frozen.Slot.Name, await cluster.FindDetectorAsync());
        frozen.Resume();
        await cluster.UntilBackAsync(frozen.Slot.Name, frozen.ProcessId);
        Assert.Equal("NodeLost", Assert.Single(cluster.Deaths()).Text("kind"));
        foreach (var name in cluster.Silos.Slots.Select(slot => slot.Name))
        {
            var (process, before) = (cluster.Silos.Process(name), cluster.Silos.Events.Position);
            process.Kill();
            await cluster.UntilAsync("recovered", told => told.Position > before && told.Text("node") == name);
            await cluster.UntilBackAsync(name, process.ProcessId, before);
        }

        bank.Open();
        await cluster.UntilEndedAsync(transfers);
        bank.AssertDoneOnce(transfers);
        Assert.Equal(1 + cluster.Silos.Slots.Count, cluster.Deaths().Count);
        await cluster.AssertOneViewAsync();
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>Returns the nodes that run the transfers.</summary>
    private static async Task<IReadOnlyList<string>> FindNodesAsync(ChaosCluster cluster, IEnumerable<ObjectRef<int>> transfers)
    {
        var histories = await Task.WhenAll(transfers.Select(transfer => cluster.Client.GetHistoryAsync(transfer.TaskId, cluster.Hang)));
        return [.. histories.Select(history => history!.Attempts[^1].Node)];
    }
}

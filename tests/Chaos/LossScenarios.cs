namespace FaultTolerance.Chaos.Tests;

/// <summary>More than one node lost, or the one that watches the others.</summary>
public sealed class LossScenarios(ChaosServer server)
{
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
}

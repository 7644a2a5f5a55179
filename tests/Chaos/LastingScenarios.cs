using System.Globalization;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Networks that are bad rather than broken: nobody is dead, and nobody may be taken for dead.</summary>
/// <remarks>A blackout in every minute, eight times: <c>FT_BLACKOUTS=8 dotnet test tests/Chaos -c Release --filter five_seconds</c>.</remarks>
[Collection(nameof(ChaosNetwork))]
public sealed class LastingScenarios(ChaosNetwork networks)
{
    private static readonly TimeSpan Blackout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BlackoutPeriod = TimeSpan.FromSeconds(60);

    private static readonly int Blackouts = int.Parse(Environment.GetEnvironmentVariable("FT_BLACKOUTS") ?? "1", CultureInfo.InvariantCulture);

    private static readonly TimeSpan LongWay = TimeSpan.FromMilliseconds(300);

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public Task Nobody_is_declared_dead_for_a_blackout_of_five_seconds_on_every_node(string store) =>
        AssertBlackoutSurvivedAsync(store, [.. networks.Network.Nodes.Select(node => node.Name)]);

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public Task A_node_that_alone_reaches_nobody_for_five_seconds_is_not_declared_dead(string store) =>
        AssertBlackoutSurvivedAsync(store, ["silo-2"]);

    [Fact]
    public async Task Nobody_is_declared_dead_for_a_way_to_the_others_that_takes_300_milliseconds()
    {
        await networks.Network.SlowAsync("silo-2", NetworkParty.Peers, LongWay, TimeProvider.System);
        try
        {
            await using var cluster = await StartAsync(nameof(StoreKind.Postgres));
            using var bank = new Bank();
            bank.Open();
            var transfers = await bank.SubmitAsync(cluster.Client, 1_000);
            await cluster.UntilEndedAsync(transfers);

            bank.AssertDoneOnce(transfers);
            await cluster.AssertInvariantsAsync();
            await cluster.AssertOneViewAsync();
            Assert.Empty(cluster.Deaths());
            Assert.NotEqual(0, networks.Network.BytesSlowed);
        }
        finally
        {
            await networks.Network.HastenAsync();
        }
    }

    [Fact]
    public async Task A_bank_of_1000_transfers_is_right_although_every_node_loses_30_percent_of_what_is_sent_to_it()
    {
        await using var cluster = await StartAsync(nameof(StoreKind.Postgres));
        using var bank = new Bank();
        bank.Open();
        await Task.WhenAll(networks.Network.Nodes.Select(node =>
            networks.Network.FailAsync(node.Name, new NetworkFault(Direction: NetworkDirection.In, LossPercent: 30))));

        var transfers = await bank.SubmitAsync(cluster.Client, 1_000);
        await cluster.UntilEndedAsync(transfers);
        Assert.DoesNotContain(0, await Task.WhenAll(networks.Network.Nodes.Select(node => networks.Network.CountDroppedAsync(node.Name))));
        await networks.Network.HealAsync();

        bank.AssertDoneOnce(transfers);
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>Cuts nodes off from everybody for five seconds in the midst of their work, once a minute; nobody may be declared dead for it.</summary>
    private async Task AssertBlackoutSurvivedAsync(string store, IReadOnlyList<string> nodes)
    {
        await using var cluster = await StartAsync(store);
        using var minutes = new PeriodicTimer(BlackoutPeriod);
        await GoDarkAsync(cluster, nodes);
        for (var i = 1; i < Blackouts; i++)
        {
            await minutes.WaitForNextTickAsync();
            await GoDarkAsync(cluster, nodes);
        }

        await cluster.AssertInvariantsAsync();
        await cluster.AssertOneViewAsync();
        Assert.Empty(cluster.Deaths());
        Assert.Empty(await cluster.IncidentsAsync());
    }

    private async Task GoDarkAsync(ChaosCluster cluster, IReadOnlyList<string> nodes)
    {
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(cluster.Client, 100);
        await cluster.UntilHeldEverywhereAsync(bank);
        await Task.WhenAll(nodes.Select(node => networks.Network.FailAsync(node, new NetworkFault(), Blackout, TimeProvider.System, cluster.Hang)));
        bank.Open();
        await cluster.UntilEndedAsync(transfers);
        bank.AssertDoneOnce(transfers);
    }

    private Task<ChaosCluster> StartAsync(string store) =>
        ChaosCluster.StartAsync(networks.NewStore(Enum.Parse<StoreKind>(store)), restartsDead: true, network: networks.Network);
}

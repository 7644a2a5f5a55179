using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Messaging;
using Orleans.Runtime;
using Orleans.Serialization;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>The one setting: silos and clients that share a database are a cluster.</summary>
public sealed class HostingTests(SharedServer shared)
{
    [Fact]
    public async Task Silos_that_start_together_on_an_empty_database_are_a_cluster_with_reminders_and_clients()
    {
        var database = shared.NewSchema();
        using var first = TestSilos.Silo("first", database);
        using var second = TestSilos.Silo("second", database);
        using var client = TestSilos.Client(database);

        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await client.StartAsync();

        var grains = client.Services.GetRequiredService<IGrainFactory>();
        var hosts = await grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true);
        Assert.Equal(["first", "second"], hosts.Select(host => host.SiloName).Order());
        await grains.GetGrain<IRemindedGrain>(database.Schema).RemindAsync();
        Assert.Equal("wake up", await RemindedGrain.TickOf(database.Schema));
        await client.StopAsync();
        await Task.WhenAll(first.StopAsync(), second.StopAsync());
    }

    [Fact]
    public async Task A_silo_offers_the_store_and_opens_eight_connections_at_the_most()
    {
        var database = shared.NewSchema();
        database.ConnectionString += ";Application Name=counted silo";
        using var silo = TestSilos.Silo("only", database);
        await silo.StartAsync();
        var store = silo.Services.GetRequiredService<IDurableStore>();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => i % 2 == 0
            ? store.WriteStateAsync(new($"key/{i}", null, store.NewToken(), [1]))
            : (Task)store.CountAsync(CancellationToken.None)));

        Assert.Equal(Migration.CurrentVersion, store.Description.SchemaVersion);
        Assert.InRange(
            await shared.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name like 'counted silo [%]'"), 3, 8);
        await silo.StopAsync();
    }

    [Fact]
    public void A_caller_elsewhere_is_told_what_the_driver_threw()
    {
        using var silo = TestSilos.Silo("only", shared.NewSchema());
        using var client = TestSilos.Client(shared.NewSchema());
        var failure = new StoreException(StoreFault.Unreachable, "The server does not answer.", new NpgsqlException("Exception while reading from stream"));

        var sent = silo.Services.GetRequiredService<Serializer>().SerializeToArray<Exception>(failure);
        var told = Assert.IsType<StoreException>(client.Services.GetRequiredService<Serializer>().Deserialize<Exception>(sent));

        Assert.Equal((StoreFault.Unreachable, true, failure.Message), (told.Fault, told.IsRetryable, told.Message));
        Assert.Equal("Exception while reading from stream", told.InnerException!.Message);
    }

    [Fact]
    public async Task A_client_that_comes_before_the_first_silo_finds_no_gateway_and_later_does()
    {
        var database = shared.NewSchema();
        using var client = TestSilos.Client(database);
        var gateways = client.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();

        Assert.Empty(await gateways.GetGateways());

        using var silo = TestSilos.Silo("only", database);
        await silo.StartAsync();
        Assert.Single(await gateways.GetGateways());
        await silo.StopAsync();
        Assert.Empty(await gateways.GetGateways());
    }

    [Fact]
    public async Task A_silo_and_a_client_with_invalid_options_do_not_start_and_tell_all_that_is_wrong()
    {
        var wrong = new PostgresStoreOptions { Schema = "Bad Name" };
        using var silo = TestSilos.Silo("only", wrong);
        using var client = TestSilos.Client(wrong);

        foreach (var host in new[] { silo, client })
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());

            var cause = Assert.IsType<OptionsValidationException>(refused.GetBaseException());
            Assert.Contains("ConnectionString field is required", cause.Message, StringComparison.Ordinal);
            Assert.Contains("Schema must match", cause.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_silo_and_a_client_with_a_wrong_password_do_not_start_and_do_not_show_it()
    {
        var wrong = new PostgresStoreOptions
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(shared.Server.ConnectionString()) { Password = "hunter2-never-shown" }.ConnectionString,
        };
        using var silo = TestSilos.Silo("only", wrong);
        using var client = TestSilos.Client(wrong);

        foreach (var host in new[] { silo, client })
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());

            Assert.Contains("Check Username and Password", refused.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
        }
    }
}

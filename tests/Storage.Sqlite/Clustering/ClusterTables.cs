using FaultTolerance.Storage.Sqlite.Clustering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FaultTolerance.Storage.Sqlite.Tests.Clustering;

/// <summary>The tables of one process on a folder, as a silo would open them.</summary>
internal sealed class ClusterTables : IAsyncDisposable
{
    private readonly ClusterDatabase _database;

    public ClusterTables(string folder, string cluster = "test")
    {
        var store = Options.Create(new SqliteStoreOptions { Folder = folder });
        var options = Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = cluster });
        _database = new ClusterDatabase(store, TimeProvider.System, NullLogger<ClusterDatabase>.Instance);
        Members = new SqliteMembershipTable(_database, options);
        Reminders = new SqliteReminderTable(_database, options);
        Gateways = new SqliteGatewayListProvider(store, options, Options.Create(new GatewayOptions()));
    }

    public IMembershipTable Members { get; }

    public IReminderTable Reminders { get; }

    public SqliteGatewayListProvider Gateways { get; }

    public static async Task<ClusterTables> OpenAsync(string folder, string cluster = "test")
    {
        var tables = new ClusterTables(folder, cluster);
        await tables.Members.InitializeMembershipTableAsync(true);
        await tables.Reminders.StartAsync();
        await tables.Gateways.InitializeGatewayListProviderAsync(default);
        return tables;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateways.DisposeAsync();
        await _database.DisposeAsync();
    }
}

using System.Net;
using FaultTolerance.Storage.Sqlite.Databases;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace FaultTolerance.Storage.Sqlite.Clustering;

/// <summary>Finds the gateways of a cluster on this machine in its <c>cluster.db</c>.</summary>
/// <remarks>It only reads, makes no file, and needs none: before the first silo has started the list is empty.</remarks>
internal sealed class SqliteGatewayListProvider : IGatewayListProvider, IAsyncDisposable
{
    private readonly byte[] _cluster;
    private readonly DatabaseFile _file;
    private readonly ReaderThreads _reader;

    public SqliteGatewayListProvider(
        IOptions<SqliteStoreOptions> options, IOptions<ClusterOptions> clusterOptions, IOptions<GatewayOptions> gatewayOptions)
    {
        MaxStaleness = gatewayOptions.Value.GatewayListRefreshPeriod;
        _cluster = StoreText.Encode(clusterOptions.Value.ClusterId, "The cluster's id");
        _file = ClusterDatabase.ToFile(options.Value);
        _reader = new ReaderThreads(_file, 1);
    }

    /// <inheritdoc/>
    public TimeSpan MaxStaleness { get; }

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken)
    {
        DatabaseSetup.RequireSupported();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken) =>
        File.Exists(_file.Path) ? await _reader.RunAsync(ReadGateways, cancellationToken) : [];

    Task IGatewayListProvider.InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(default);

    Task<IList<Uri>> IGatewayListProvider.GetGateways() => GetGatewaysAsync(default);

    public async ValueTask DisposeAsync()
    {
        await _reader.CloseAsync();
        _reader.Dispose();
    }

    private List<Uri> ReadGateways(Connection connection)
    {
        _file.Schema.Check(connection);
        if (connection.ReadLong("SELECT count(*) FROM sqlite_schema WHERE name = 'members'") == 0)
        {
            return []; // the first silo is about to make the tables
        }

        return connection.Prepare("SELECT address, proxy_port, generation FROM members WHERE cluster = ?1 AND status = ?2 AND proxy_port > 0")
            .BindText(_cluster).Bind((long)SiloStatus.Active)
            .ReadAll(row => SiloAddress.New(IPAddress.Parse(row.Text(0)), (int)row.Long(1), (int)row.Long(2)).ToGatewayUri());
    }
}

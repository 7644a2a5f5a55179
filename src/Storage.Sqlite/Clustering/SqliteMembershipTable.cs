using FaultTolerance.Storage.Sqlite.Databases;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FaultTolerance.Storage.Sqlite.Clustering;

/// <summary>Orleans' membership table in <c>cluster.db</c>.</summary>
/// <remarks>
/// Every change of a row moves the table's version on, in one transaction with it, but for the sign of life, which leaves all etags as
/// they are. A write whose answer was lost is not settled here: Orleans reads the table again and decides anew.
/// </remarks>
internal sealed partial class SqliteMembershipTable(ClusterDatabase database, IOptions<ClusterOptions> options) : IMembershipTable
{
    private readonly byte[] _cluster = StoreText.Encode(options.Value.ClusterId, "The cluster's id");

    /// <inheritdoc/>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        await database.OpenAsync(cancellationToken);
        if (tryInitTableVersion)
        {
            await database.WriteAsync(
                connection => ReadVersion(connection) is null && WriteVersion(connection, 0, ClusterDatabase.NextEtag(connection)),
                cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken)
    {
        var cluster = StoreText.Encode(clusterId, "The cluster's id");
        return database.WriteAsync(
            connection => connection.Prepare("DELETE FROM members WHERE cluster = ?1").BindText(cluster).Run()
                + connection.Prepare("DELETE FROM clusters WHERE id = ?1").BindText(cluster).Run(),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => MemberRow.DeleteDefunct(connection, _cluster, beforeDate.UtcTicks), cancellationToken);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        var row = new MemberRow(_cluster, key);
        return database.ReadAsync(
            connection => row.Read(connection) is { } found
                ? new MembershipTableData(found, VersionOf(connection))
                : new MembershipTableData(VersionOf(connection)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => new MembershipTableData(MemberRow.ReadAll(connection, _cluster), VersionOf(connection)),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var row = new MemberRow(_cluster, entry.SiloAddress);
        return database.WriteAsync(
            connection => IsNewest(connection, tableVersion)
                && row.Read(connection) is null
                && Write(connection, row, entry, tableVersion),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var row = new MemberRow(_cluster, entry.SiloAddress);
        return database.WriteAsync(
            connection => IsNewest(connection, tableVersion)
                && row.Read(connection)?.Item2 == etag
                && Write(connection, row, entry, tableVersion),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        var row = new MemberRow(_cluster, entry.SiloAddress);
        var alive = ClusterDatabase.ToTicks(entry.IAmAliveTime);
        return database.WriteAsync(connection => row.WriteAlive(connection, alive), cancellationToken);
    }

    private bool Write(Connection connection, MemberRow row, MembershipEntry entry, TableVersion tableVersion)
    {
        var etag = ClusterDatabase.NextEtag(connection);
        row.Write(connection, entry, etag);
        return WriteVersion(connection, tableVersion.Version, etag);
    }

    private bool IsNewest(Connection connection, TableVersion version) => VersionOf(connection).VersionEtag == version.VersionEtag;

    private TableVersion VersionOf(Connection connection) => ReadVersion(connection) ?? new TableVersion(0, "0");

    private TableVersion? ReadVersion(Connection connection) => connection.Prepare("SELECT version, etag FROM clusters WHERE id = ?1")
        .BindText(_cluster).ReadFirst(row => new TableVersion((int)row.Long(0), ClusterDatabase.ToText(row.Long(1))));

    private bool WriteVersion(Connection connection, int version, long etag) =>
        connection.Prepare("INSERT OR REPLACE INTO clusters (id, version, etag) VALUES (?1, ?2, ?3)")
            .BindText(_cluster).Bind(version).Bind(etag).Run() == 1;
}

using Microsoft.Extensions.Logging;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>All connections of one silo to its database, each kind of work in a pool of its own.</summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    public PostgresConnections(PostgresStoreOptions options, ILogger logger)
    {
        var rows = ConnectionSettings.Rows(options);
        var place = ConnectionSettings.Describe(rows);
        Rows = Guarded(rows);
        Leases = Guarded(ConnectionSettings.Leases(options));
        Migration = new SessionPool(NpgsqlDataSource.Create(ConnectionSettings.Migration(options)), place);
        Orleans = NpgsqlDataSource.Create(ConnectionSettings.Orleans(options, PostgresStoreOptions.ReservedConnections - PostgresStoreOptions.LeaseConnections));

        SessionPool Guarded(NpgsqlConnectionStringBuilder settings)
        {
            var source = NpgsqlDataSource.Create(settings);
            return new SessionPool(source, place, new FrozenSessions(source, options.LockTimeout, place, logger));
        }
    }

    /// <summary>Gets the sessions that read and write rows.</summary>
    public SessionPool Rows { get; }

    /// <summary>Gets the one session for leases.</summary>
    public SessionPool Leases { get; }

    /// <summary>Gets the session that migrates.</summary>
    public SessionPool Migration { get; }

    /// <summary>Gets the sessions of Orleans' membership and reminders.</summary>
    public NpgsqlDataSource Orleans { get; }

    public async ValueTask DisposeAsync()
    {
        await Rows.DisposeAsync();
        await Leases.DisposeAsync();
        await Migration.DisposeAsync();
        await Orleans.DisposeAsync();
    }
}

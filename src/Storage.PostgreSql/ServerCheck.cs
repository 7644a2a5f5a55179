using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Reads the server's settings and refuses a server on which the store's promises do not hold.</summary>
internal sealed class ServerCheck(PostgresStoreOptions options, string place, ILogger logger)
{
    private const int OldestVersion = 14;

    private const string ReadSettings =
        """
        select name, setting from pg_settings
        where name in (
            'server_version', 'server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'wal_level', 'wal_sync_method',
            'max_connections', 'superuser_reserved_connections', 'reserved_connections')
        """;

    private static readonly string[] Durability = ["fsync", "full_page_writes", "synchronous_commit", "wal_level", "wal_sync_method"];

    /// <summary>Reads and checks the settings.</summary>
    /// <returns>The server's version, and the settings that decide what survives a crash.</returns>
    public async Task<(string Version, IReadOnlyDictionary<string, string> Durability)> RunAsync(NpgsqlConnection connection)
    {
        var settings = (await connection.ListAsync(Statement.Of(ReadSettings), row => (Name: row.GetString(0), Value: row.GetString(1))))
            .ToDictionary(setting => setting.Name, setting => setting.Value);
        RefuseOldVersion(settings);
        RefuseUnsafeDurability(settings);
        RefuseFewConnections(settings);
        return (settings["server_version"], Durability.ToDictionary(name => name, name => settings[name]));
    }

    private static int Number(Dictionary<string, string> settings, string name) =>
        settings.TryGetValue(name, out var value) ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : 0;

    private void RefuseOldVersion(Dictionary<string, string> settings)
    {
        if (Number(settings, "server_version_num") < OldestVersion * 10_000)
        {
            throw Unusable($"runs version {settings["server_version"]}; version {OldestVersion} or newer is needed.");
        }
    }

    private void RefuseUnsafeDurability(Dictionary<string, string> settings)
    {
        var off = Durability.Where(name => settings[name] == "off").ToList();
        if (off.Count == 0)
        {
            return;
        }

        if (!options.AllowUnsafeDurability)
        {
            throw Unusable(
                $"has {string.Join(" and ", off)} off: what it confirms may be lost when the machine fails. " +
                $"Set {string.Join(" and ", off.Select(name => name + " = on"))} for the server (and for this user and database), or, " +
                $"where losing tasks is no harm, {nameof(PostgresStoreOptions.AllowUnsafeDurability)}.");
        }

        PostgresLog.UnsafeDurabilityAllowed(logger, place, string.Join(", ", off.Select(name => name + " is off")));
    }

    // The silo that comes last must not be the one to find out.
    private void RefuseFewConnections(Dictionary<string, string> settings)
    {
        var all = Number(settings, "max_connections");
        var reserved = Number(settings, "superuser_reserved_connections") + Number(settings, "reserved_connections");
        var needed = options.Silos * options.MaxPoolSize;
        if (needed > all - reserved)
        {
            throw Unusable(
                $"has max_connections = {all}, {reserved} of them reserved, which leaves {all - reserved}; {options.Silos} silos with " +
                $"{options.MaxPoolSize} connections each need {needed}. Set max_connections = {needed + reserved} or more on the server, " +
                $"or lower {nameof(PostgresStoreOptions.MaxPoolSize)} or {nameof(PostgresStoreOptions.Silos)}.");
        }
    }

    private StoreException Unusable(string what) => new(StoreFault.Unusable, $"PostgreSQL at {place} {what}");
}

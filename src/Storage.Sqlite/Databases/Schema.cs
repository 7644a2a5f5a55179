using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>The tables of a database, and how older ones become today's.</summary>
/// <param name="ApplicationId">The number in the file's header that says that the file is ours.</param>
/// <param name="Version">Today's version.</param>
/// <param name="Create">The statements that make today's tables in an empty file.</param>
/// <param name="Upgrades">For each older version, the statements that lead to the next one.</param>
internal sealed record Schema(int ApplicationId, int Version, string Create, IReadOnlyDictionary<int, string> Upgrades)
{
    /// <summary>Refuses a file that is not ours to change. Nothing is written.</summary>
    /// <exception cref="StoreException">The file belongs to another program, or to a newer version of this one.</exception>
    public void Check(Connection connection)
    {
        if (IsEmpty(connection))
        {
            return;
        }

        var application = connection.ReadLong("PRAGMA application_id");
        if (application != ApplicationId)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The file '{connection.Path}' is a database of another program (its application id is {application}, not {ApplicationId}). " +
                "Nothing was changed in it. Choose another data folder.");
        }

        var version = connection.ReadLong("PRAGMA user_version");
        if (version > Version)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The database '{connection.Path}' has schema version {version}, made by a newer version of this software; this one knows versions up to {Version}. " +
                "Nothing was changed in it. Use that newer version, or another data folder.");
        }
    }

    /// <summary>Makes or upgrades the tables, whole or not at all. Called under the file's lock.</summary>
    public void Apply(Connection connection)
    {
        var isEmpty = IsEmpty(connection);
        var version = (int)connection.ReadLong("PRAGMA user_version");
        if (!isEmpty && version == Version)
        {
            return;
        }

        connection.Execute("BEGIN IMMEDIATE");
        if (isEmpty)
        {
            connection.Execute(Create);
        }
        else
        {
            Upgrade(connection, version);
        }

        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT");
    }

    private void Upgrade(Connection connection, int version)
    {
        for (var from = version; from < Version; from++)
        {
            connection.Execute(Upgrades[from]);
        }
    }

    private static bool IsEmpty(Connection connection) =>
        connection.ReadLong("PRAGMA application_id") == 0
        && connection.ReadLong("PRAGMA user_version") == 0
        && connection.ReadLong("SELECT count(*) FROM sqlite_schema") == 0;
}

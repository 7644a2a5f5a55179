using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite.Clustering;

/// <summary>The tables of <c>cluster.db</c>. Times are ticks of UTC, as Orleans counts them.</summary>
/// <remarks>Etags come from one counter and never return, also not when a row is deleted and made anew.</remarks>
internal static class ClusterSchema
{
    /// <summary>Gets today's schema: "FTOc" in the file's header.</summary>
    public static Schema Current { get; } = new(
        0x46544F63,
        1,
        """
        CREATE TABLE etags (newest INTEGER NOT NULL) STRICT;
        INSERT INTO etags VALUES (0);

        CREATE TABLE clusters (
            id TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            etag INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE members (
            cluster TEXT NOT NULL,
            address TEXT NOT NULL,
            port INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            etag INTEGER NOT NULL,
            status INTEGER NOT NULL,
            proxy_port INTEGER NOT NULL,
            host TEXT,
            name TEXT,
            role TEXT,
            update_zone INTEGER NOT NULL,
            fault_zone INTEGER NOT NULL,
            started INTEGER NOT NULL,
            alive INTEGER NOT NULL,
            voted INTEGER NOT NULL,
            suspects TEXT NOT NULL,
            PRIMARY KEY (cluster, address, port, generation)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE reminders (
            service TEXT NOT NULL,
            grain_type BLOB NOT NULL,
            grain_key BLOB NOT NULL,
            name TEXT NOT NULL,
            hash INTEGER NOT NULL,
            start INTEGER NOT NULL,
            period INTEGER NOT NULL,
            etag INTEGER NOT NULL,
            PRIMARY KEY (service, grain_type, grain_key, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reminders_hash ON reminders (service, hash);
        """,
        new Dictionary<int, string>());
}

using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>The tables of <c>store.db</c>.</summary>
/// <remarks>
/// <para>
/// Times are microseconds since 1970, ids 16 bytes in big-endian order. A task's key and parent are columns of its row: they come and go
/// with it, by one write. Phases stand in the indexes as numbers (<see cref="TaskPhase"/>), which never change their meaning.
/// </para>
/// <para>
/// The tasks are a table with row ids. Measured with all indexes, 500 a batch: without row ids rows of 250 bytes are inserted
/// as fast (170,000/s), but rows of 1.3 KB overflow their page and fall from 44,000/s to 27,000/s, on twice the disk.
/// </para>
/// </remarks>
internal static class StoreSchema
{
    private const int ApplicationId = 0x46544F73; // "FTOs"

    // The index of what is queued holds the handler too: a claim walks over others' rows without reading them.
    private const string Create =
        """
        CREATE TABLE tasks (
            id BLOB NOT NULL PRIMARY KEY,
            phase INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            token INTEGER NOT NULL,
            due INTEGER NOT NULL,
            created INTEGER NOT NULL,
            claimed INTEGER,
            deadline INTEGER,
            finished INTEGER,
            parent BLOB,
            key TEXT,
            handler TEXT NOT NULL,
            spec BLOB NOT NULL,
            life BLOB NOT NULL,
            result BLOB
        ) STRICT;
        CREATE INDEX tasks_queued ON tasks (due, id, handler) WHERE phase = 1;
        CREATE INDEX tasks_owned ON tasks (owner, id) WHERE phase = 2;
        CREATE INDEX tasks_final ON tasks (phase, finished, id) WHERE phase >= 3;
        CREATE INDEX tasks_children ON tasks (parent, id) WHERE parent IS NOT NULL;
        CREATE UNIQUE INDEX tasks_key ON tasks (key) WHERE key IS NOT NULL;

        CREATE TABLE edges (
            dependent BLOB NOT NULL,
            upstream BLOB NOT NULL,
            resolved INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (dependent, upstream)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX edges_downstream ON edges (upstream, dependent);
        CREATE INDEX edges_open ON edges (dependent, upstream) WHERE resolved = 0;

        CREATE TABLE parts (
            id BLOB NOT NULL,
            token INTEGER NOT NULL,
            number INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (id, token, number)
        ) STRICT;

        CREATE TABLE nodes (
            incarnation INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            phase INTEGER NOT NULL,
            joined INTEGER NOT NULL,
            lease_ends INTEGER NOT NULL,
            ended INTEGER,
            info BLOB NOT NULL
        ) STRICT;
        CREATE INDEX nodes_living ON nodes (incarnation) WHERE ended IS NULL;

        CREATE TABLE events (
            key TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            at INTEGER NOT NULL,
            token INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX events_at ON events (at);
        CREATE INDEX events_kind ON events (kind, at);

        CREATE TABLE states (
            key TEXT NOT NULL PRIMARY KEY,
            token INTEGER NOT NULL,
            state BLOB
        ) STRICT;

        """;

    // Version 0 did not know which dead lives were recovered, and had no index of what waits.
    private const string FromVersion0 =
        """
        ALTER TABLE nodes ADD COLUMN recovered INTEGER;
        CREATE INDEX tasks_waiting ON tasks (id) WHERE phase = 0;
        """;

    // Version 1 read the whole history of nodes to find those that somebody has to do with.
    private const string FromVersion1 =
        """

        CREATE INDEX nodes_unrecovered ON nodes (ended) WHERE phase = 6 AND recovered IS NULL;
        CREATE INDEX nodes_ended ON nodes (ended) WHERE ended IS NOT NULL;
        """;

    // Version 2 let a renewal that was stuck on its way put an older record over a newer one, and did not know on what proof a life was ended.
    private const string FromVersion2 =
        """

        ALTER TABLE nodes ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN proved_gone INTEGER;
        """;

    /// <summary>Gets today's schema.</summary>
    public static Schema Current { get; } = new(
        ApplicationId,
        3,
        Create + FromVersion0 + FromVersion1 + FromVersion2,
        new Dictionary<int, string> { [0] = FromVersion0, [1] = FromVersion1, [2] = FromVersion2 });
}

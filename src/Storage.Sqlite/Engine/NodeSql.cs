namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>The statements on lives of nodes. Each query walks an index of its own, so that a long history costs nothing.</summary>
internal static class NodeSql
{
    public const string Insert =
        "INSERT INTO nodes (incarnation, name, phase, joined, lease_ends, info) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";

    public const string IsThere = "SELECT 1 FROM nodes WHERE incarnation = ?1 AND name = ?2 AND info = ?3 AND ended IS NULL";

    public const string Renew =
        """
        UPDATE nodes SET
            phase = CASE WHEN sequence > ?5 THEN phase ELSE ?2 END,
            info = CASE WHEN sequence > ?5 THEN info ELSE ?3 END,
            lease_ends = CASE WHEN sequence > ?5 THEN lease_ends ELSE ?4 END,
            sequence = MAX(sequence, ?5)
        WHERE incarnation = ?1 AND ended IS NULL
        """;

    public const string End = "UPDATE nodes SET phase = ?2, ended = ?3, proved_gone = ?4 WHERE incarnation = ?1 AND ended IS NULL AND (?4 = 1 OR lease_ends <= ?3)";

    public const string MarkRecovered = "UPDATE nodes SET recovered = ?2 WHERE incarnation = ?1 AND phase = ?3 AND recovered IS NULL";

    public const string ListEnded = $"SELECT {Columns} FROM nodes WHERE ended IS NOT NULL ORDER BY incarnation DESC LIMIT ?1";

    public const string Purge =
        """
        DELETE FROM nodes WHERE incarnation IN (
            SELECT incarnation FROM nodes WHERE ended < ?1 AND (phase <> ?2 OR recovered IS NOT NULL)
            ORDER BY incarnation LIMIT ?3)
        """;

    public const string Living =
        $"SELECT {Columns} FROM nodes INDEXED BY nodes_living WHERE ended IS NULL ORDER BY incarnation DESC LIMIT ?1";

    public const string Unrecovered =
        $"SELECT {Columns} FROM nodes INDEXED BY nodes_unrecovered WHERE phase = 6 AND recovered IS NULL AND ended IS NOT NULL ORDER BY ended DESC LIMIT ?1";

    public const string Recent =
        $"""
        SELECT {Columns} FROM nodes INDEXED BY nodes_ended
        WHERE ended >= ?2 AND (phase <> 6 OR recovered IS NOT NULL) ORDER BY ended DESC LIMIT ?1
        """;

    public const string Read = $"SELECT {Columns} FROM nodes WHERE incarnation = ?1";

    private const string Columns = "incarnation, name, phase, joined, lease_ends, ended, recovered, info, sequence, proved_gone";
}

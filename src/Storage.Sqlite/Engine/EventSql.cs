namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>The statements on events.</summary>
internal static class EventSql
{
    public const string Insert = $"INSERT INTO events ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";

    public const string IsMine = "SELECT 1 FROM events WHERE key = ?1 AND token = ?2";

    public const string Update = "UPDATE events SET token = ?3, body = ?4 WHERE key = ?1 AND token = ?2";

    public const string Read = $"SELECT {Columns} FROM events WHERE key = ?1";

    public const string ListAll = $"SELECT {Columns} FROM events ORDER BY at DESC, rowid DESC LIMIT ?1";

    public const string ListKind = $"SELECT {Columns} FROM events WHERE kind = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2";

    public const string ListAfter =
        $"SELECT {Columns} FROM events WHERE kind = ?1 AND at >= ?2 AND (at > ?2 OR ?3 IS NULL OR key > ?3) ORDER BY at, key LIMIT ?4";

    public const string Purge = "DELETE FROM events WHERE rowid IN (SELECT rowid FROM events WHERE at < ?1 ORDER BY at LIMIT ?2)";

    private const string Columns = "key, kind, at, token, body";
}

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>The statements on states of grains.</summary>
internal static class StateSql
{
    public const string Read = "SELECT token, state FROM states WHERE key = ?1";

    public const string Update = "UPDATE states SET token = ?2, state = ?3 WHERE key = ?1 AND token = ?4";

    public const string Insert = "INSERT INTO states (key, token, state) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
}

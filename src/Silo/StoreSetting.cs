namespace FaultTolerance.Silo;

/// <summary>The one setting that chooses the store, taken apart.</summary>
/// <param name="IsSqlite">Whether it is SQLite; PostgreSQL otherwise.</param>
/// <param name="Location">The folder, or the connection string.</param>
internal sealed record StoreSetting(bool IsSqlite, string Location)
{
    public const string SqlitePrefix = "sqlite:";
    public const string PostgresPrefix = "postgres:";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="FaultToleranceException">It names no store that there is. The message does not repeat it: it may hold a password.</exception>
    public static StoreSetting Parse(string text)
    {
        if (text.StartsWith(SqlitePrefix, StringComparison.OrdinalIgnoreCase) && text.Length > SqlitePrefix.Length)
        {
            return new(true, text[SqlitePrefix.Length..]);
        }

        return text.StartsWith(PostgresPrefix, StringComparison.OrdinalIgnoreCase) && text.Length > PostgresPrefix.Length
            ? new(false, text[PostgresPrefix.Length..])
            : throw new FaultToleranceException(
                "The setting FaultTolerance:Store names no store. Write sqlite:FOLDER or postgres:CONNECTION STRING, for instance sqlite:/var/lib/faulttolerance.");
    }
}

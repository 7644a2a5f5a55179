using FaultTolerance.Storage.PostgreSql;

namespace FaultTolerance.Storage.Writer;

/// <summary>Where a store on PostgreSQL is, in one argument: the schema, a space, the connection string.</summary>
internal static class PostgresLocation
{
    public static PostgresStoreOptions Read(string location)
    {
        var space = location.IndexOf(' ', StringComparison.Ordinal);
        return new PostgresStoreOptions
        {
            Schema = location[..space],
            ConnectionString = location[(space + 1)..],
            ConnectTimeout = TimeSpan.FromMinutes(1), // on a starved machine a login takes long, which is none of the faults under test
        };
    }
}

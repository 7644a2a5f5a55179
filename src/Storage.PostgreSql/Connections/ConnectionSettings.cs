using System.Globalization;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>The connection strings behind the options: what every session is told, and how long it is waited for.</summary>
internal static class ConnectionSettings
{
    private const string ApplicationName = "FaultTolerance.Orleans";

    // Rows are found by index alone. Left to itself the planner reads a small table as a whole, and a plan that was prepared
    // while the table was empty outlives that: with these, a plan has the right form on every size of table.
    private const string Planner =
        " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off -c jit=off";

    /// <summary>Returns what is wrong with a connection string, without repeating any part of it; null when it can be read.</summary>
    public static string? FindFault(string connectionString)
    {
        try
        {
            return string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(connectionString).Host) ? "names no Host." : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return "is not in Npgsql's form; it should read Host=…;Port=…;Database=…;Username=…;Password=…";
        }
    }

    /// <summary>The sessions that read and write rows.</summary>
    public static NpgsqlConnectionStringBuilder Rows(PostgresStoreOptions options)
    {
        var builder = Create(options, options.Schema, options.CommandTimeout, options.LockTimeout, Planner);
        builder.MaxPoolSize = options.MaxPoolSize - PostgresStoreOptions.ReservedConnections;
        builder.WriteBufferSize = 64 * 1024;
        builder.ReadBufferSize = 32 * 1024;
        return builder;
    }

    /// <summary>The sessions for leases: no queue of other work stands before them, and they are given up sooner. All but one are for when that one is stuck.</summary>
    public static NpgsqlConnectionStringBuilder Leases(PostgresStoreOptions options)
    {
        var patience = Shorter(options.CommandTimeout, TimeSpan.FromSeconds(3));
        var builder = Create(options, options.Schema, patience, Shorter(options.LockTimeout, TimeSpan.FromSeconds(1)), Planner);
        builder.Timeout = Seconds(Shorter(options.ConnectTimeout, TimeSpan.FromSeconds(2)));
        builder.MaxPoolSize = PostgresStoreOptions.LeaseConnections;
        return builder;
    }

    /// <summary>The sessions of Orleans' own providers.</summary>
    public static NpgsqlConnectionStringBuilder Orleans(PostgresStoreOptions options, int connections)
    {
        var builder = Create(options, OrleansSchema(options), Shorter(options.CommandTimeout, TimeSpan.FromSeconds(5)), options.LockTimeout, "");
        builder.MaxPoolSize = connections;
        return builder;
    }

    /// <summary>The session that migrates: it waits long for the lock that others migrate under, and is not kept.</summary>
    public static NpgsqlConnectionStringBuilder Migration(PostgresStoreOptions options)
    {
        var patience = TimeSpan.FromMinutes(5);
        var builder = Create(options, options.Schema, patience, patience, "");
        builder.Pooling = false;
        builder.ApplicationName = Named(options, " migrating"); // It may be slow between two statements, and must not be taken for frozen.
        builder.MaxAutoPrepare = 0;
        return builder;
    }

    /// <summary>Returns the schema of Orleans' own tables.</summary>
    public static string OrleansSchema(PostgresStoreOptions options) => options.Schema + "_orleans";

    /// <summary>Returns a schema's name as SQL takes it, whatever word it is.</summary>
    public static string Quoted(string schema) => $"\"{schema}\"";

    /// <summary>Returns where and as whom a connection goes, for messages: never with the password.</summary>
    public static string Describe(NpgsqlConnectionStringBuilder builder) => string.Create(
        CultureInfo.InvariantCulture,
        $"{builder.Host}:{builder.Port}, database '{builder.Database ?? builder.Username}', user '{builder.Username}'");

    private static NpgsqlConnectionStringBuilder Create(
        PostgresStoreOptions options, string schema, TimeSpan commandTimeout, TimeSpan lockTimeout, string planner)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = Quoted(schema),
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(commandTimeout),
            CancellationTimeout = 500,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 1,
            MinPoolSize = 0,
            ConnectionIdleLifetime = 60,
            MaxAutoPrepare = 40,
            AutoPrepareMinUsages = 2,
            Enlist = false,
            NoResetOnClose = true, // A session is never left with anything in it that a reset would have to undo.
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,
            LogParameters = false,
        };
        builder.ApplicationName = Named(options);
        builder.Options = (Session(commandTimeout * 0.8, lockTimeout) + planner + " " + builder.Options).Trim();
        return builder;
    }

    // Sessions of one name are those of one store: whoever finds one frozen ends it. So the name has the schema in it, whole, and
    // what the server would cut off is cut off before.
    private static string Named(PostgresStoreOptions options, string role = "")
    {
        const int LongestName = 63; // NAMEDATALEN - 1
        var program = new NpgsqlConnectionStringBuilder(options.ConnectionString).ApplicationName ?? ApplicationName;
        var mark = $" [{options.Schema}]{role}";
        return program[..Math.Min(program.Length, LongestName - mark.Length)] + mark;
    }

    // A transaction whose client is gone or frozen must not hold its rows: each of these ends it on the server's side.
    private static string Session(TimeSpan statementTimeout, TimeSpan lockTimeout) => string.Create(
        CultureInfo.InvariantCulture,
        $"-c statement_timeout={Milliseconds(statementTimeout)} -c lock_timeout={Milliseconds(lockTimeout)} " +
        $"-c idle_in_transaction_session_timeout={Milliseconds(statementTimeout)} -c tcp_user_timeout=10000 " +
        $"-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3");

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}

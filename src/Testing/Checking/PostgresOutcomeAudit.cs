using Npgsql;

namespace FaultTolerance.Testing.Checking;

/// <summary>The audit of outcomes in a PostgreSQL store.</summary>
/// <param name="connectionString">The store's connection string.</param>
/// <param name="schema">The schema that holds the store's tables.</param>
/// <param name="name">Tells it apart from other audits of the same store.</param>
public sealed class PostgresOutcomeAudit(string connectionString, string schema = "faulttolerance", string name = IOutcomeAudit.DefaultName) : IOutcomeAudit
{
    private const string LockTimeout = "2s";

    private readonly string _schema = Quote(schema);
    private readonly string _trigger = Quote(name);
    private readonly string _table = $"{Quote(schema)}.{Quote(name)}";
    private readonly string _function = $"{Quote(schema)}.{Quote($"{name}_add")}";

    /// <inheritdoc/>
    public string Removal => $"in the store's database: {Remove}";

    private string Remove => $"drop trigger if exists {_trigger} on {_schema}.task; drop function if exists {_function}(); drop table if exists {_table};";

    // Each look takes a connection of its own: one that was kept would be broken by a server that has been away since.
    private string ConnectionString => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    /// <inheritdoc/>
    /// <remarks>All writers of tasks wait while it waits for the table of tasks itself: it gives up early where another session holds that.</remarks>
    /// <exception cref="OutcomeAuditException">Another session holds the table of tasks.</exception>
    public async Task InstallAsync(CancellationToken cancellationToken = default) => await ChangeAsync(
        $"""
        create table if not exists {_table} (id uuid not null, phase smallint not null, attempt integer not null);
        create or replace function {_function}() returns trigger language plpgsql as
            $$ begin insert into {_table} values (new.id, new.phase, new.attempt); return null; end $$;
        create or replace trigger {_trigger} after insert or update on {_schema}.task
            for each row when (new.phase >= 3) execute function {_function}();
        """,
        cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="OutcomeAuditException">The audit is not in the store any more.</exception>
    public async Task<long> CountDoubledAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return (long)(await RunAsync(
                $"select count(*) from (select 1 from {_table} group by id having count(*) > 1) doubled", cancellationToken))!;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new OutcomeAuditException(
                $"The schema {_schema} has no audit of outcomes {_trigger}: it was not installed, or the schema has been made anew since.", exception);
        }
    }

    /// <inheritdoc/>
    /// <remarks>It gives up as early as <see cref="InstallAsync"/>, and then nothing is removed.</remarks>
    /// <exception cref="OutcomeAuditException">Another session holds the table of tasks.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken = default) => await ChangeAsync(Remove, cancellationToken);

    private static string Quote(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private async Task ChangeAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync($"set lock_timeout = '{LockTimeout}'; {sql}", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new OutcomeAuditException(
                $"Another session has held the table of tasks {_schema}.task for {LockTimeout}: VACUUM, DDL, a backup or a long transaction. " +
                "Nothing was changed. Try again when that is over.",
                exception);
        }
    }

    private async Task<object?> RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

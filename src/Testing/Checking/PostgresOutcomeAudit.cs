using Npgsql;

namespace FaultTolerance.Testing.Checking;

/// <summary>The audit of outcomes in a PostgreSQL store.</summary>
/// <param name="connectionString">The store's connection string.</param>
/// <param name="schema">The schema that holds the store's tables.</param>
public sealed class PostgresOutcomeAudit(string connectionString, string schema = "faulttolerance") : IOutcomeAudit
{
    private readonly string _schema = new NpgsqlCommandBuilder().QuoteIdentifier(schema);

    // Each look takes a connection of its own: one that was kept would be broken by a server that has been away since.
    private string ConnectionString => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    /// <inheritdoc/>
    public async Task InstallAsync(CancellationToken cancellationToken = default) => await RunAsync(
        $"""
        create table if not exists {_schema}.outcome_audit (id uuid not null, phase smallint not null, attempt integer not null);
        create or replace function {_schema}.outcome_audit_add() returns trigger language plpgsql as
            $$ begin insert into {_schema}.outcome_audit values (new.id, new.phase, new.attempt); return null; end $$;
        create or replace trigger outcome_audit after insert or update on {_schema}.task
            for each row when (new.phase >= 3) execute function {_schema}.outcome_audit_add();
        """,
        cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="OutcomeAuditException">The audit is not in the store any more.</exception>
    public async Task<long> CountDoubledAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return (long)(await RunAsync(
                $"select count(*) from (select 1 from {_schema}.outcome_audit group by id having count(*) > 1) doubled", cancellationToken))!;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new OutcomeAuditException(
                $"The schema {_schema} has no audit of outcomes: it was not installed, or the schema has been made anew since.", exception);
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

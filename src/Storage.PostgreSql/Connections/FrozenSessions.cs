using Microsoft.Extensions.Logging;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Ends sessions whose process stopped in the middle of a write and holds rows that others wait for.</summary>
/// <remarks>
/// A process may be frozen after the first part of a batch reached the server and before the last. The server then waits for
/// the rest, with the rows locked, and none of its timeouts runs: they count while a statement is executed or a transaction is
/// idle, and this is neither. So whoever has waited for a row in vain ends such sessions of this program, this schema (both are in the session's name) and this user. Ending one
/// undoes its batch, which its process, should it go on, repeats.
/// </remarks>
internal sealed class FrozenSessions(NpgsqlDataSource source, TimeSpan patience, string place, ILogger logger)
{
    private const string End =
        """
        select count(*) from (
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and usename = current_user
                and application_name = current_setting('application_name')
                and wait_event = 'ClientRead' and state in ('active', 'idle in transaction')
                and state_change < clock_timestamp() - make_interval(secs => $1)) as ended
        """;

    /// <summary>Ends the sessions that have held a transaction open and said nothing for longer than a lock is waited for.</summary>
    public async Task EndAsync()
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
            var ended = await connection.ListAsync(Statement.Of(End).With(patience.TotalSeconds), row => row.GetInt64(0));
            if (ended[0] > 0)
            {
                PostgresLog.FrozenSessionsEnded(logger, ended[0], place, patience.TotalSeconds);
            }
        }
        catch (Exception exception) when (PostgresErrors.IsOurs(exception))
        {
            PostgresLog.FrozenSessionsNotEnded(logger, exception, place);
        }
    }
}

using System.Data;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Runs work on pooled sessions, and turns the driver's errors into the store's.</summary>
/// <remarks>
/// A caller's cancellation ends its waiting, not the statement: the driver would cancel on another connection and block a thread
/// for it, with a frozen server for as long as a connection may take. The statement ends by its own bounds.
/// </remarks>
internal sealed class SessionPool(NpgsqlDataSource source, string place, FrozenSessions? frozen = null) : IAsyncDisposable
{
    /// <summary>Gets where the database is, without secrets.</summary>
    public string Place => place;

    /// <summary>Runs work that changes nothing.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(work, writes: false, cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Runs work that writes: once it was sent, a lost answer leaves its outcome unknown.</summary>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(work, writes: true, cancellationToken).WaitAsync(cancellationToken);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, bool writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // a pool that has an idle session hands it out without looking
        var wasSent = false;
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            wasSent = writes;
            return await RunAsync(work, connection);
        }
        catch (Exception exception) when (PostgresErrors.IsOurs(exception))
        {
            if (frozen is not null && exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
            {
                await frozen.EndAsync();
            }

            throw PostgresErrors.Translate(exception, place, wasSent);
        }
    }

    /// <summary>Runs work on a session, and has the session forget its prepared statements when the server reported an error.</summary>
    /// <remarks>
    /// A statement that fails in the very execution in which the driver prepares it stays in the driver's memory as prepared, but
    /// without the description of its rows: the next execution on that session, of whatever caller, then fails (npgsql #6391).
    /// </remarks>
    private static async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, NpgsqlConnection connection)
    {
        try
        {
            return await work(connection);
        }
        catch (PostgresException) when (connection.FullState == ConnectionState.Open)
        {
            Forget(connection);
            throw;
        }
    }

    private static void Forget(NpgsqlConnection connection)
    {
        try
        {
            connection.UnprepareAll(); // the driver has no other way, and the server has answered just now
        }
        catch (Exception exception) when (PostgresErrors.IsOurs(exception) || exception is InvalidOperationException)
        {
            // The session is gone, and what it had prepared with it. What the caller is to hear is the server's first error.
            NpgsqlConnection.ClearPool(connection);
        }
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FaultTolerance.Storage.Engines;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Tells what kind of failure an error of the driver or the server is.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransactionTimeout = "25P03";
    private const string CompletionUnknown = "40003";

    /// <summary>Returns whether the error is one of the database, the way to it, or what was sent.</summary>
    public static bool IsOurs(Exception exception) =>
        exception is NpgsqlException or SocketException or IOException or TimeoutException or EncoderFallbackException
        or ObjectDisposedException;

    /// <summary>Makes the store's exception of the driver's.</summary>
    /// <param name="exception">What the driver threw.</param>
    /// <param name="place">Where the database is, without secrets.</param>
    /// <param name="wasSent">Whether a write may have reached the server before.</param>
    public static StoreException Translate(Exception exception, string place, bool wasSent)
    {
        if (exception is PostgresException server)
        {
            var fault = FaultOf(server.SqlState);
            return new StoreException(fault, Message(server, place), server, wasSent && MayHaveLanded(server.SqlState));
        }

        return exception switch
        {
            EncoderFallbackException =>
                new StoreException(StoreFault.Data, $"A text cannot be stored in PostgreSQL at {place}: {exception.Message}", exception),
            ObjectDisposedException =>
                new StoreException(StoreFault.Unusable, $"The store on PostgreSQL at {place} is closed.", exception),
            _ => new StoreException(StoreFault.Unreachable, Unreachable(exception, place), exception, wasSent),
        };
    }

    /// <summary>Returns the kind of failure behind a SQLSTATE.</summary>
    public static StoreFault FaultOf(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable =>
            StoreFault.Contention,
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransactionTimeout
            or CompletionUnknown =>
            StoreFault.Unreachable,
        _ => sqlState[..2] switch
        {
            "08" or "53" or "58" => StoreFault.Unreachable,
            "57" => StoreFault.Unreachable,
            "22" or "23" or "54" => StoreFault.Data,
            _ => StoreFault.Unusable,
        },
    };

    // A session that is ended may have committed before. All else that the server itself reports rolled the write back, unless it says so.
    private static bool MayHaveLanded(string sqlState) =>
        sqlState == CompletionUnknown || sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("57P", StringComparison.Ordinal);

    private static string Message(PostgresException server, string place)
    {
        var remedy = server.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                " Check Username and Password in the connection string, and the server's pg_hba.conf.",
            PostgresErrorCodes.InvalidCatalogName => " Create the database, or name another one in the connection string.",
            PostgresErrorCodes.InsufficientPrivilege => " Grant the user what is missing, or own the schema as this user.",
            PostgresErrorCodes.TooManyConnections => " Raise max_connections on the server, or lower MaxPoolSize.",
            PostgresErrorCodes.DiskFull => " Free space on the server's disk.",
            PostgresErrorCodes.ReadOnlySqlTransaction => " The server is a standby or read-only: connect to the primary.",
            _ => "",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"PostgreSQL at {place} reported {server.SqlState}: {server.MessageText}.{remedy}");
    }

    private static string Unreachable(Exception exception, string place)
    {
        var cause = exception.InnerException is { } inner and (SocketException or TimeoutException or IOException) ? inner : exception;
        return $"PostgreSQL at {place} could not be reached or did not answer: {cause.Message}";
    }
}

using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>What the PostgreSQL engine logs: ids 1200 to 1299.</summary>
internal static partial class PostgresLog
{
    [LoggerMessage(1200, LogLevel.Information, "Schema {Schema} was migrated from version {From} to {To}")]
    public static partial void Migrated(ILogger logger, string schema, int from, int to);

    [LoggerMessage(1201, LogLevel.Error, "PostgreSQL at {Place} may lose what it has confirmed: {Settings}. This was allowed by AllowUnsafeDurability")]
    public static partial void UnsafeDurabilityAllowed(ILogger logger, string place, string settings);

    [LoggerMessage(1202, LogLevel.Warning, "{Count} sessions at {Place} held rows for {Seconds} s without a word and were ended")]
    public static partial void FrozenSessionsEnded(ILogger logger, long count, string place, double seconds);

    [LoggerMessage(1203, LogLevel.Warning, "Sessions at {Place} that hold rows without a word could not be looked for")]
    public static partial void FrozenSessionsNotEnded(ILogger logger, Exception exception, string place);
}

using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Makes stores on PostgreSQL outside of a silo: for tools and tests.</summary>
public static class PostgresStore
{
    /// <summary>Makes an engine on a database. Nothing is opened before <see cref="IStorageEngine.InitializeAsync"/>.</summary>
    /// <param name="options">Where the database is and how it is used.</param>
    /// <param name="loggers">Where the engine logs to; nowhere when omitted.</param>
    /// <exception cref="OptionsValidationException">The options are invalid; the message tells all that is wrong with them.</exception>
    public static IStorageEngine CreateEngine(PostgresStoreOptions options, ILoggerFactory? loggers = null)
    {
        var validation = new PostgresStoreOptionsValidator().Validate(Options.DefaultName, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(PostgresStoreOptions), validation.Failures);
        }

        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<PostgresEngine>();
        return new PostgresEngine(options, new PostgresConnections(options, logger), logger);
    }
}

using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Sqlite;

/// <summary>Makes stores on SQLite outside of a silo: for tools and tests.</summary>
public static class SqliteStore
{
    /// <summary>Makes an engine on a data folder. Nothing is opened before <see cref="IStorageEngine.InitializeAsync"/>.</summary>
    /// <param name="options">Where the store lies and how it is used.</param>
    /// <param name="timeProvider">The clock; the system's when omitted.</param>
    /// <param name="loggers">Where the engine logs to; nowhere when omitted.</param>
    /// <exception cref="OptionsValidationException">The options are invalid; the message tells all that is wrong with them.</exception>
    public static IStorageEngine CreateEngine(SqliteStoreOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggers = null)
    {
        var validation = new SqliteStoreOptionsValidator().Validate(Options.DefaultName, options);
        return validation.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(SqliteStoreOptions), validation.Failures)
            : new SqliteEngine(
                Options.Create(options), timeProvider ?? TimeProvider.System, (loggers ?? NullLoggerFactory.Instance).CreateLogger<SqliteEngine>());
    }
}

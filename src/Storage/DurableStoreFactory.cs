using System.Security.Cryptography;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Storage;

/// <summary>Opens stores without a host: for tools, tests and benchmarks. A silo gets its store from its services.</summary>
public static class DurableStoreFactory
{
    /// <summary>Initializes an engine and opens the store on it.</summary>
    /// <param name="engine">The engine; the store disposes of it.</param>
    /// <param name="options">The store's options; the defaults when omitted.</param>
    /// <param name="timeProvider">The clock for waiting and for the time between two readings of the store's; the system's when omitted.</param>
    /// <param name="loggerFactory">Where the store logs; nowhere when omitted.</param>
    /// <param name="seed">What all chance of the store is made from; random when omitted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">The database cannot be used; the message names the remedy.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of its bounds.</exception>
    public static async Task<IDurableStore> OpenAsync(
        IStorageEngine engine,
        StoreOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        long? seed = null,
        CancellationToken cancellationToken = default)
    {
        var store = new DurableStore(
            engine,
            options ?? new StoreOptions(),
            timeProvider ?? TimeProvider.System,
            new StoreInstruments(meters: null),
            (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<DurableStore>(),
            seed ?? NewSeed());
        try
        {
            await store.OpenAsync(cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    internal static long NewSeed() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
}

using System.Diagnostics.Metrics;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Hosting;

/// <summary>Adds the cluster's store to a host. Engines are plugged in here.</summary>
public static class DurableStoreServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IDurableStore"/> on an engine; it is opened as the host starts, before any service is started.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="createEngine">Makes the engine, not yet initialized; the store disposes of it.</param>
    /// <exception cref="InvalidOperationException">The host has a store already.</exception>
    public static IServiceCollection AddDurableStore(this IServiceCollection services, Func<IServiceProvider, IStorageEngine> createEngine)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(createEngine);
        if (services.Any(service => service.ServiceType == typeof(IDurableStore)))
        {
            throw new InvalidOperationException("The host has a durable store already. Choose one engine.");
        }

        services.AddOptions<StoreOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new DurableStore(
            createEngine(provider),
            provider.GetRequiredService<IOptions<StoreOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            new StoreInstruments(provider.GetService<IMeterFactory>()),
            provider.GetRequiredService<ILogger<DurableStore>>(),
            DurableStoreFactory.NewSeed()));
        services.AddSingleton<IDurableStore>(provider => provider.GetRequiredService<DurableStore>());
        services.AddSingleton<IHostedService, StoreOpener>();
        return services;
    }
}

using FaultTolerance.Storage.GrainState;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Storage.Hosting;

/// <summary>Adds grain storage on the cluster's store to a silo.</summary>
public static class GrainStorageSiloBuilderExtensions
{
    /// <summary>Adds the cluster's store as a grain storage provider. The silo must have a store (<c>AddDurableStore</c>, or an engine's own method).</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The provider's name, without a slash. It is part of every stored key: another name finds none of the old states.</param>
    public static ISiloBuilder AddFaultToleranceGrainStorage(
        this ISiloBuilder builder, string name = ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains('/'))
        {
            throw new ArgumentException($"The storage provider's name {name} contains a slash, which the store keeps for itself.", nameof(name));
        }

        return builder.ConfigureServices(services => services.AddGrainStorage(name, (provider, key) => new DurableGrainStorage(
            key,
            provider.GetRequiredService<IDurableStore>(),
            provider.GetRequiredService<Serializer>(),
            provider.GetRequiredService<IActivatorProvider>())));
    }
}

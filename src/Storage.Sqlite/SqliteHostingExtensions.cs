using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Hosting;
using FaultTolerance.Storage.Sqlite.Clustering;
using FaultTolerance.Storage.Sqlite.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Messaging;

namespace FaultTolerance.Storage.Sqlite;

/// <summary>Chooses SQLite as the store of a cluster whose silos all run on one machine.</summary>
public static class SqliteHostingExtensions
{
    /// <summary>Keeps tasks, grain states, membership and reminders of this silo's cluster in SQLite databases in one folder.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets the folder, and whatever else is not to be the default.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// Every silo of the cluster, and every client that finds its gateways here, names the same folder. The store is opened, and
    /// its tables are made or upgraded, before Orleans starts. Invalid settings end the start with all that is wrong
    /// (<see cref="OptionsValidationException"/>); a folder or a file that cannot be used, with a <see cref="StoreException"/> that
    /// names it and the remedy.
    /// </remarks>
    public static ISiloBuilder UseFaultToleranceSqlite(this ISiloBuilder builder, Action<SqliteStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddOptions(builder.Services, configure);
        builder.Services.AddDurableStore(provider => ActivatorUtilities.CreateInstance<SqliteEngine>(provider));
        builder.Services.AddSingleton<ClusterDatabase>();
        builder.Services.AddSingleton<IMembershipTable, SqliteMembershipTable>();
        builder.Services.AddReminders();
        builder.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        return builder;
    }

    /// <summary>Finds the gateways of a cluster on this machine by its data folder.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets the folder.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>The client only reads from the folder. One on another machine uses a static list of gateways.</remarks>
    public static IClientBuilder UseFaultToleranceSqlite(this IClientBuilder builder, Action<SqliteStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddOptions(builder.Services, configure);
        builder.Services.AddSingleton<IGatewayListProvider, SqliteGatewayListProvider>();
        return builder;
    }

    private static void AddOptions(IServiceCollection services, Action<SqliteStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteStoreOptions>, SqliteStoreOptionsValidator>());
        services.AddOptions<SqliteStoreOptions>().Configure(configure).ValidateOnStart();
    }
}

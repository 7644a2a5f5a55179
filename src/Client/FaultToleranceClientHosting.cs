using System.Diagnostics.Metrics;
using FaultTolerance.Failures;
using FaultTolerance.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;

namespace FaultTolerance;

/// <summary>Adds the client to an application.</summary>
public static class FaultToleranceClientHosting
{
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Adds an <see cref="IFaultToleranceClient"/> to an Orleans client, and lets it notice lost and new silos within seconds.</summary>
    /// <remarks>
    /// The list of gateways is read each 3 seconds (Orleans' own default is a minute). Which cluster the client connects to, and how,
    /// stays as it is configured.
    /// </remarks>
    /// <param name="builder">The Orleans client.</param>
    /// <param name="configure">Changes the options.</param>
    public static IClientBuilder AddFaultToleranceClient(this IClientBuilder builder, Action<FaultToleranceClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddFaultToleranceClient(configure).AddHostedService<ClientStop>();
        builder.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh);
        return builder.AddGatewayCountChangedHandler(services => (_, change) =>
        {
            if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways)
            {
                services.GetRequiredService<ClientCore>().OnGatewayLost();
            }
        });
    }

    /// <summary>Adds an <see cref="IFaultToleranceClient"/> and an <see cref="IFailureFeed"/> to an application that is an Orleans client or a silo.</summary>
    /// <remarks>It stops when the services are disposed of: in a silo after everything that may still use it.</remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the options.</param>
    public static IServiceCollection AddFaultToleranceClient(this IServiceCollection services, Action<FaultToleranceClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptionsWithValidateOnStart<FaultToleranceClientOptions>().Configure(configure ?? (_ => { }));
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IValidateOptions<FaultToleranceClientOptions>, FaultToleranceClientOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<FaultToleranceClientOptions>, FaultToleranceClientOptionsRelations>(),
        ]);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(NewCore);
        services.TryAddSingleton(provider => new FaultToleranceClient(provider.GetRequiredService<ClientCore>()));
        services.TryAddSingleton<IFaultToleranceClient>(provider => provider.GetRequiredService<FaultToleranceClient>());
        services.TryAddSingleton<IFailureFeed>(provider => new FailureFeed(provider.GetRequiredService<ClientCore>()));
        return services;
    }

    /// <summary>Lets every call of an Orleans client give up after seconds, so that it can be repeated at another silo.</summary>
    /// <remarks>
    /// The client of this library has deadlines of its own and needs it not. It is for the calls of your own grains: a call through a
    /// silo that has just died otherwise waits for Orleans' 30 seconds. A call that takes longer needs a <c>[ResponseTimeout]</c> on its method.
    /// </remarks>
    /// <param name="builder">The Orleans client.</param>
    /// <param name="responseTimeout">From sending a call to giving up on its answer; 3 seconds when omitted.</param>
    /// <param name="gatewayRefresh">From one reading of the list of gateways to the next; 3 seconds when omitted.</param>
    public static IClientBuilder UseFastFailover(this IClientBuilder builder, TimeSpan? responseTimeout = null, TimeSpan? gatewayRefresh = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = responseTimeout ?? ResponseTimeout);
        return builder.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = gatewayRefresh ?? GatewayRefresh);
    }

    private static ClientCore NewCore(IServiceProvider services)
    {
        var random = new Random();
        return new ClientCore(
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<Serializer>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IOptions<FaultToleranceClientOptions>>(),
            services.GetRequiredService<ILogger<FaultToleranceClient>>(),
            new ClientInstruments(services.GetRequiredService<IMeterFactory>()),
            () => Draw(random),
            services.GetService<ISubmitJournal>());
    }

    // Chance is drawn by several threads, which a Random does not bear.
    private static double Draw(Random random)
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }
}

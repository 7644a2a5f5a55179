using System.Diagnostics;
using System.Security.Cryptography;
using FaultTolerance.Grains.Actors;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Registers what makes a silo a node: its life, the watch over the others, and recovery.</summary>
internal static class NodeServices
{
    public static IServiceCollection AddNodeServices(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IClusterEvents, NoClusterEvents>();
        AddOptions(services);
        AddNode(services);
        AddDetection(services);
        AddActors(services);
        AddRecovery(services);
        return services;
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddOptions<NodeDetectionOptions>().ValidateOnStart();
        services.AddOptions<RecoveryOptions>().ValidateOnStart();
        services.AddOptions<QuarantineOptions>().ValidateOnStart();
        services.AddOptions<NodeOptions>().ValidateOnStart();
        services.AddOptions<FailureHandlerOptions>().ValidateOnStart();
        services.AddOptions<ActorDetectionOptions>().ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<NodeDetectionOptions>>(new DebuggerRelaxation(() => Debugger.IsAttached));
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IValidateOptions<NodeDetectionOptions>, NodeDetectionOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<NodeDetectionOptions>, LeaseRulesValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<RecoveryOptions>, RecoveryOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<RecoveryOptions>, RecoveryRulesValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<QuarantineOptions>, QuarantineOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<FailureHandlerOptions>, FailureHandlerOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<ActorDetectionOptions>, ActorDetectionOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<ActorDetectionOptions>, ActorIntervalsValidator>(),
        ]);
    }

    private static void AddNode(IServiceCollection services)
    {
        services.AddSingleton(ProcessIdentity.OfThisProcess());
        services.AddSingleton<MonotonicClock>();
        services.AddSingleton(provider =>
        {
            var clock = ActivatorUtilities.CreateInstance<AwakeClock>(provider);
            clock.Start();
            return clock;
        });
        services.AddSingleton(provider => LocalNodes.Create(
            provider.GetRequiredService<ILocalSiloDetails>(),
            provider.GetRequiredService<ProcessIdentity>(),
            provider.GetRequiredService<HandlerRegistry>(),
            provider.GetRequiredService<IOptions<TaskPipelineOptions>>(),
            provider.GetRequiredService<IOptions<NodeOptions>>(),
            provider.GetRequiredService<IOptions<RecoveryOptions>>(),
            NodeIncarnation.New(provider.GetRequiredService<TimeProvider>().GetUtcNow(), RandomNumberGenerator.GetInt32(int.MaxValue))));
        services.AddSingleton<NodeDirectory>();
        services.AddSingleton<NodeLinks>();
        services.AddSingleton<Func<SiloAddress, INodeLink>>(provider => provider.GetRequiredService<NodeLinks>().To);
        services.AddGrainService<NodeLink>();
        services.AddSingleton<INodePipeline, NodePipeline>();
        services.AddSingleton<IPeerPoll, PeerPoll>();
        services.AddSingleton<NodeHealth>();
        services.AddSingleton<IHealthCheckParticipant>(provider => provider.GetRequiredService<NodeHealth>());
        services.AddSingleton(provider =>
        {
            var links = provider.GetRequiredService<NodeLinks>();
            return ActivatorUtilities.CreateInstance<NodeOrders>(provider, (SiloAddress silo) => links.To(silo).LookForOrdersAsync());
        });
        services.AddSingleton<OrderWatch>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<OrderWatch>());
        services.AddSingleton<NodeAgent>();
        services.TryAddSingleton<IProcessEnd, ProcessEnd>();
        services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler, FencingErrorHandler>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<NodeAgent>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StaleSilos>();
    }

    private static void AddDetection(IServiceCollection services)
    {
        services.AddSingleton<ProcessLook>();
        services.AddSingleton<IRefusalWitnesses, RefusalWitnesses>();
        services.AddSingleton<IProcessProver, ProcessProver>();
        services.AddSingleton<INodeVerifier, NodeVerifier>();
        services.AddSingleton(provider => new CondemnationGuard(provider.GetRequiredService<IOptions<NodeDetectionOptions>>().Value.LeaseLength));
        services.AddSingleton(provider =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            return ActivatorUtilities.CreateInstance<NodeSuspicions>(
                provider, (NodeIncarnation node, string reason) => grains.GetGrain<IFailureDetectorGrain>(0).SuspectAsync(node, reason));
        });
        services.AddTransient<NodeAccuser>();
        services.AddSingleton<IncidentInstruments>();
        services.AddSingleton<IncidentLog>();
        services.AddSingleton<TaskIncidents>();
        services.AddSingleton<StorageWatch>();
        services.AddSingleton<NodeIncidents>();
        services.AddTransient<SuspicionTimes>(); // the detector's grain has its own
        services.AddSingleton<NodeDeaths>();
        services.AddSingleton<SiloEviction>();
        services.AddSingleton<Pulse>();
        services.AddSingleton<Pacemaker>();
        services.AddSingleton<IPacemaker>(provider => provider.GetRequiredService<Pacemaker>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Pacemaker>());
    }

    private static void AddActors(IServiceCollection services)
    {
        services.AddSingleton<ActorMonitor>();
        services.AddSingleton<IActorMonitor>(provider => provider.GetRequiredService<ActorMonitor>());
        services.AddSingleton<ActorIncidents>();
        services.AddSingleton(provider =>
        {
            var agent = provider.GetRequiredService<NodeAgent>();
            return ActivatorUtilities.CreateInstance<ActorChecker>(provider, () => agent.Phase);
        });
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ActorChecker>());
    }

    private static void AddRecovery(IServiceCollection services)
    {
        services.AddReminders();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, RecoveryAgreement>();
        services.AddSingleton<RecoveryLimit>();
        services.AddSingleton<LimitEnforcement>();

        // Each shard's grain has its own: they remember how far they have come. Its pace is that of all that it recovers: a grain is a scope.
        services.AddScoped<RecoveryPace>();
        services.AddTransient<OwnerRecovery>();
        services.AddTransient<NodeRecovery>();
        services.AddTransient<RecoveryShard>();
        services.AddTransient<IRecoverySweeper, OrphanSweeper>();
        services.AddTransient<IRecoverySweeper, DependentSweeper>();
        services.AddTransient<IRecoverySweeper, UnfinishedSweeper>();
        services.AddTransient<IRecoverySweeper, RetentionSweeper>();
        services.AddTransient<IRecoverySweeper, FollowUpSweeper>();
        services.AddTransient<IRecoverySweeper, OverdueSweeper>();
        services.AddTransient<IRecoverySweeper, StorageOutageSweeper>();
    }
}

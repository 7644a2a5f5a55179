using FaultTolerance.Grains.Actors;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Hosting;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaultTolerance;

/// <summary>Adds fault tolerance to a silo.</summary>
public static class FaultToleranceSiloBuilderExtensions
{
    /// <summary>The section of the configuration that is read: <c>FaultTolerance</c>.</summary>
    public const string ConfigurationSection = "FaultTolerance";

    /// <summary>Makes the silo a node: it runs tasks, watches the other nodes, and recovers the work of those that die.</summary>
    /// <remarks>
    /// It needs a store: call <c>UseFaultToleranceSqlite</c> or <c>UseFaultTolerancePostgreSql</c> too. Options are read from the section
    /// <see cref="ConfigurationSection"/>, may be changed by <c>Configure</c> afterwards, and are checked at start, all errors at once.
    /// </remarks>
    public static ISiloBuilder AddFaultTolerance(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        if (silo.Services.Any(service => service.ServiceType == typeof(TaskPipelineDriver)))
        {
            return silo;
        }

        silo.UseNodeProfile();
        AddOptions(silo);
        AddTasks(silo.Services);
        silo.Services.AddNodeServices();
        silo.Services.AddFaultToleranceClient();
        silo.Services.AddSingleton<IChildClients, ChildClients>();
        return silo;
    }

    /// <summary>Says which task handlers the silo has.</summary>
    public static ISiloBuilder AddTaskHandlers(this ISiloBuilder silo, Action<TaskHandlerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.Configure(configure);
        return silo;
    }

    private static void AddOptions(ISiloBuilder silo)
    {
        var section = silo.Configuration.GetSection(ConfigurationSection);
        silo.Services.AddOptions<TaskPipelineOptions>().Bind(section.GetSection("Tasks")).ValidateOnStart();
        silo.Services.AddOptions<AttemptExecutionOptions>().Bind(section.GetSection("Attempts")).ValidateOnStart();
        silo.Services.AddOptions<TaskLimits>().Bind(section.GetSection("Limits")).ValidateOnStart();
        silo.Services.AddOptions<NodeDetectionOptions>().Configure(options => BindNodes(options, section.GetSection("Nodes")));
        silo.Services.AddOptions<HostOptions>().PostConfigure<IOptions<NodeDetectionOptions>>(GrantTimeToLeave);
        silo.Services.AddOptions<RecoveryOptions>().Bind(section.GetSection("Recovery"));
        silo.Services.AddOptions<NodeOptions>().Bind(section.GetSection("Node"));
        silo.Services.AddOptions<QuarantineOptions>().Bind(section.GetSection("Quarantine"));
        silo.Services.AddOptions<ActorDetectionOptions>().Bind(section.GetSection("Actors"));
        silo.Services.AddOptions<FailureHandlerOptions>().Bind(section.GetSection("FailureHandlers"));
        silo.Services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IValidateOptions<TaskPipelineOptions>, TaskPipelineOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<TaskPipelineOptions>, ClusterRetryPolicyValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<AttemptExecutionOptions>, AttemptExecutionOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<TaskLimits>, TaskLimitsValidator>(),
        ]);
    }

    /// <summary>Reads profile and policy first and then what is said beside them, in whatever order they are written.</summary>
    internal static void BindNodes(NodeDetectionOptions options, IConfigurationSection section)
    {
        options.Profile = section.GetValue(nameof(options.Profile), options.Profile);
        options.Policy = section.GetValue(nameof(options.Policy), options.Policy);
        section.Bind(options);
    }

    /// <summary>Has the host wait until its node has left: a drain that is cut off leaves attempts to be charged a crash.</summary>
    private static void GrantTimeToLeave(HostOptions host, IOptions<NodeDetectionOptions> nodes)
    {
        try
        {
            var needed = NodeAgent.LongestLeave(nodes.Value);
            var isLong = host.ShutdownTimeout == Timeout.InfiniteTimeSpan || host.ShutdownTimeout > needed;
            host.ShutdownTimeout = isLong ? host.ShutdownTimeout : needed;
        }
        catch (OptionsValidationException)
        {
            // The silo does not start with them, and says so then, with all else that is wrong.
        }
    }

    private static void AddTasks(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<TaskInstruments>();
        services.AddSingleton<TaskRowCodec>();
        services.AddSingleton<TaskReader>();
        services.AddSingleton<HandlerRegistry>();
        services.AddSingleton<DependencyResults>();
        services.AddSingleton<ProgressCodec>();
        services.AddSingleton<AttemptExecutor>();
        services.AddSingleton<OutcomeOutbox>();
        services.AddSingleton<IAttemptVoids, AttemptVoids>();
        services.AddSingleton<TaskCancellation>();
        services.AddSingleton<ChildCancellation>();
        services.AddSingleton<PipelineAnnouncements>();
        services.AddSingleton<PipelineOperations>();
        services.AddSingleton<TaskPipelineDriver>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<TaskPipelineDriver>());
        services.AddSingleton<HandlerSignatures>();
        services.AddSingleton<CallAdmission>();
        services.AddSingleton<CallDeadline>();
        services.AddSingleton<OutcomePages>();
        services.AddSingleton<SameCallCheck>();
    }
}

using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FaultTolerance.Grains.Hosting;

/// <summary>Sets Orleans' own options together with ours.</summary>
internal static class NodeProfileExtensions
{
    /// <summary>How many threads beyond one for each slot the pool starts without hesitation, for the store, the network and the grains.</summary>
    private const int ThreadsBesideSlots = 32;

    /// <summary>The most requests that may wait for one activation. Orleans sets no limit by itself.</summary>
    private const int MaxEnqueuedRequests = 10_000;

    /// <summary>Lets Orleans' membership follow the node's profile, policy and lease. What is configured after it wins.</summary>
    public static ISiloBuilder UseNodeProfile(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<ClusterMembershipOptions>()
            .Configure<IOptions<NodeDetectionOptions>>((membership, nodes) => NodeProfiles.Apply(nodes.Value, membership));
        silo.Services.AddSingleton(services => NodeProfiles.HoldUpLimit(services.GetRequiredService<IOptions<NodeDetectionOptions>>().Value));
        silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = MaxEnqueuedRequests);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ThreadPoolRoom>();
        return silo;
    }

    /// <summary>Gives the pool a thread for each slot at once: handlers that compute must not keep heartbeats and leases waiting.</summary>
    private sealed class ThreadPoolRoom(IOptions<TaskPipelineOptions> options) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle observer) =>
            observer.Subscribe(nameof(ThreadPoolRoom), ServiceLifecycleStage.First, _ =>
            {
                ThreadPool.GetMinThreads(out var workers, out var ports);
                ThreadPool.SetMinThreads(Math.Max(workers, options.Value.Slots + ThreadsBesideSlots), ports);
                return Task.CompletedTask;
            });
    }
}

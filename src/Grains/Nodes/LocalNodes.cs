using System.Reflection;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Makes the description of this node, in the life that begins with this process's silo.</summary>
internal static class LocalNodes
{
    /// <param name="silo">The silo: its name is the node's.</param>
    /// <param name="process">This process.</param>
    /// <param name="handlers">The handlers that it has.</param>
    /// <param name="options">How much it takes on.</param>
    /// <param name="node">What its operator says of it.</param>
    /// <param name="recovery">How it recovers the work of others.</param>
    /// <param name="incarnation">The name of this life.</param>
    public static LocalNode Create(
        ILocalSiloDetails silo,
        ProcessIdentity process,
        HandlerRegistry handlers,
        IOptions<TaskPipelineOptions> options,
        IOptions<NodeOptions> node,
        IOptions<RecoveryOptions> recovery,
        NodeIncarnation incarnation) => new(new NodeInfo
        {
            Name = silo.Name,
            Incarnation = incarnation,
            Address = silo.SiloAddress,
            Slots = options.Value.Slots,
            Machine = process.Machine,
            ProcessId = process.ProcessId,
            ProcessStart = process.Start,
            Handlers = handlers.Keys,
            Labels = new Dictionary<string, string>(node.Value.Labels),
            RecoveryShards = recovery.Value.Shards,
            Version = typeof(LocalNodes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        });
}

using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Cli.Chaos;

/// <summary>A local cluster that runs: its processes can be killed and paused, and its supervisor starts them again.</summary>
/// <param name="folder">Where it runs.</param>
/// <param name="store">Its store.</param>
/// <param name="orders">Asks it.</param>
/// <param name="holdsLock">Tells whether a process that stands still holds a lock of the store.</param>
internal sealed class FolderSite(ClusterFolder folder, IDurableStore store, ClusterOrders orders, Func<int, bool> holdsLock) : IChaosSite
{
    private readonly HashSet<(string Node, ProcessIdentity Process)> _paused = [];

    public IReadOnlyList<string> Nodes { get; } = [.. folder.ReadState()!.Silos.Select(silo => silo.Name)];

    public IDurableStore Store => store;

    public bool HasOtherWork => true;

    public bool Kill(string node) => ProcessOf(node) is { } process && LocalProcess.Kill(process);

    public bool Terminate(string node) => ProcessOf(node) is { } process && LocalProcess.Terminate(process);

    public bool Pause(string node)
    {
        if (ProcessOf(node) is not { } process || !LocalProcess.Pause(process))
        {
            return false;
        }

        lock (_paused)
        {
            return _paused.Add((node, process));
        }
    }

    public bool HoldsLock(string node)
    {
        lock (_paused)
        {
            return _paused.Any(paused => paused.Node == node && holdsLock(paused.Process.ProcessId));
        }
    }

    public bool Resume(string node)
    {
        lock (_paused)
        {
            // The very process that was paused: the supervisor may have started another one since.
            var own = _paused.Where(paused => paused.Node == node).ToList();
            _paused.ExceptWith(own);
            return own.FindAll(paused => LocalProcess.Resume(paused.Process)).Count > 0; // each of them, not only the first
        }
    }

    /// <summary>Looks at the newest process of each silo.</summary>
    public IReadOnlyList<SeenProcess> See()
    {
        lock (_paused)
        {
            return [.. folder.ReadState()!.Silos.Select(silo => new SeenProcess(
                silo.Name, silo.Process?.ProcessId ?? 0, silo.Process is { } process && _paused.Contains((silo.Name, process)), silo.HasEnded))];
        }
    }

    public Task<IReadOnlyList<NodeSnapshot>> ListNodesAsync(CancellationToken cancellationToken) => orders.ListNodesAsync(cancellationToken);

    public async Task<string> FindDetectorAsync(CancellationToken cancellationToken)
    {
        var endpoint = await orders.FindDetectorAsync(cancellationToken);
        return folder.ReadState()!.Silos.Single(silo => silo.SiloPort == endpoint.Port).Name;
    }

    public Task DrainAsync(NodeIncarnation life, CancellationToken cancellationToken) => throw LeftOut();

    public Task StartAgainAsync(string node, CancellationToken cancellationToken) => throw LeftOut();

    public Task FailNetworkAsync(string node, NetworkFault fault) => throw LeftOut();

    public Task HealNetworkAsync() => throw LeftOut();

    public Task TakeStoreAsync(ChaosKind kind) => throw LeftOut();

    public Task GiveStoreAsync(ChaosKind kind) => throw LeftOut();

    private ProcessIdentity? ProcessOf(string node) => folder.ReadState()!.Silos.Single(silo => silo.Name == node).Process;

    private static InvalidOperationException LeftOut() => new("This kind of fault is left out on a running cluster: its conditions say so.");
}

using System.Net;

namespace FaultTolerance.Testing.Networks;

/// <summary>A network of this machine's own, on which each silo of a local cluster has an address and can be cut off.</summary>
/// <remarks>
/// <para>Each node is a network namespace, joined to a bridge. This machine is on the bridge as well: the store listens there, and clients come from there.
/// Files are not touched by any of it, nor are sockets that have a path: silos on SQLite share their folder whatever the network does.</para>
/// <para>It takes the rights of root. Networks of several processes stand side by side; whatever a killed one has left behind is removed by
/// the next that starts a network.</para>
/// </remarks>
public sealed class SiloNetwork : IAsyncDisposable
{
    /// <summary>The port on which each silo listens for other silos, on its own address.</summary>
    public const int SiloPort = 11_111;

    /// <summary>The port on which each silo listens for clients, on its own address.</summary>
    public const int GatewayPort = 30_000;

    private readonly NetworkReservation _reservation;
    private readonly NetworkLayout _layout;
    private readonly List<DelayingProxy> _proxies = [];

    private SiloNetwork(NetworkReservation reservation, int nodes)
    {
        (_reservation, _layout) = (reservation, new NetworkLayout(reservation.Number));
        Nodes = _layout.Nodes(nodes);
    }

    /// <summary>Gets the nodes, which are named <c>silo-1</c>, <c>silo-2</c> and so on.</summary>
    public IReadOnlyList<NetworkNode> Nodes { get; }

    /// <summary>Gets the address of this machine on the network.</summary>
    public IPAddress HostAddress => _layout.Host;

    /// <summary>Gets or sets the port of the store on <see cref="HostAddress"/>.</summary>
    /// <value>The default is 5432.</value>
    public int StorePort { get; set; } = 5_432;

    /// <summary>Gets how many bytes the ways that <see cref="SlowAsync"/> has made longer have carried, up to <see cref="HastenAsync"/>.</summary>
    public long BytesSlowed => _proxies.Sum(proxy => proxy.BytesCarried);

    /// <summary>Builds a network on which nothing fails yet.</summary>
    /// <param name="nodes">How many nodes it holds; between 1 and 250.</param>
    /// <exception cref="NetworkUnavailableException">The rights or the programs for it are missing; the message names the remedy.</exception>
    public static async Task<SiloNetwork> StartAsync(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nodes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, NetworkLayout.MaxNodes);
        if (!OperatingSystem.IsLinux())
        {
            throw new NetworkUnavailableException("Only Linux has network namespaces.");
        }

        await SweepAsync();
        var network = new SiloNetwork(NetworkReservation.Take(), nodes);
        try
        {
            await NetworkCommands.RunAsync(network._layout.Remove() + network._layout.Build(network.Nodes));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the network fail for a node, in place of how it failed before.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="fault">What it does.</param>
    public Task FailAsync(string node, NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(fault.LossPercent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fault.LossPercent, 100);
        return ApplyAsync(node, fault);
    }

    /// <summary>Ends whatever the network does to a node's packets; a repeat changes nothing.</summary>
    public Task HealAsync(string node) => ApplyAsync(node, null);

    /// <summary>Ends whatever the network does to anybody's packets.</summary>
    public Task HealAsync() => Task.WhenAll(Nodes.Select(node => HealAsync(node.Name)));

    /// <summary>Returns how many packets the present fault of a node has taken.</summary>
    /// <param name="node">The node's name, for which the network fails.</param>
    public async Task<long> CountDroppedAsync(string node) => NetworkRules.CountDropped(await NetworkCommands.ListAsync(Find(node).Namespace, "faults"));

    /// <summary>Has the network fail for a node for a time, and returns when it is healed.</summary>
    public async Task FailAsync(string node, NetworkFault fault, TimeSpan length, TimeProvider timeProvider, CancellationToken cancellationToken = default)
    {
        await FailAsync(node, fault);
        try
        {
            await Task.Delay(length, timeProvider, cancellationToken);
        }
        finally
        {
            await HealAsync(node);
        }
    }

    /// <summary>Makes a node's ways longer. It holds for connections that are made from now on, until <see cref="HastenAsync"/>; one node at a time.</summary>
    /// <remarks>The node is then reached through this process: of the cuts only those from everybody hold for it.</remarks>
    /// <param name="node">The node's name.</param>
    /// <param name="with">To whom the ways are longer; those of clients stay as they are.</param>
    /// <param name="delay">By how much each direction takes longer.</param>
    /// <param name="timeProvider">The clock.</param>
    public async Task SlowAsync(string node, NetworkParty with, TimeSpan delay, TimeProvider timeProvider)
    {
        var slow = Find(node);
        var peers = Nodes.Where(other => other != slow && with != NetworkParty.Store).ToList();
        var targets = peers.Select(peer => new IPEndPoint(peer.Address, SiloPort)).ToList();
        if (with != NetworkParty.Peers)
        {
            targets.Add(new IPEndPoint(HostAddress, StorePort));
        }

        await NetworkCommands.ApplyAsync(slow.Namespace, NetworkRules.Of(targets.Select(Lead)));
        var inward = Lead(new IPEndPoint(slow.Address, SiloPort));
        await Task.WhenAll(peers.Select(peer => NetworkCommands.ApplyAsync(peer.Namespace, NetworkRules.Of([inward]))));

        (IPEndPoint From, IPEndPoint To) Lead(IPEndPoint target)
        {
            var proxy = DelayingProxy.Start(HostAddress, target, delay, timeProvider);
            _proxies.Add(proxy);
            return (target, proxy.Endpoint);
        }
    }

    /// <summary>Ends what <see cref="SlowAsync"/> has done; connections that were led through this process break.</summary>
    public async Task HastenAsync()
    {
        await Task.WhenAll(Nodes.Select(node => NetworkCommands.ApplyAsync(node.Namespace, NetworkRules.Of([]))));
        await EndProxiesAsync();
    }

    /// <summary>Removes the network. Processes that are still on it are left without one.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndProxiesAsync();
        try
        {
            await NetworkCommands.RunAsync(_layout.Remove());
        }
        finally
        {
            _reservation.Dispose();
        }
    }

    /// <summary>Removes the networks whose processes have ended without doing so.</summary>
    private static async Task SweepAsync()
    {
        foreach (var number in NetworkLayout.Present().ToList())
        {
            using var reservation = NetworkReservation.TryTake(number);
            if (reservation is not null)
            {
                await NetworkCommands.RunAsync(new NetworkLayout(number).Remove());
            }
        }
    }

    private Task ApplyAsync(string node, NetworkFault? fault) =>
        NetworkCommands.ApplyAsync(Find(node).Namespace, NetworkRules.Of(fault, HostAddress, StorePort));

    private NetworkNode Find(string node) =>
        Nodes.FirstOrDefault(known => known.Name == node) ?? throw new KeyNotFoundException($"There is no node {node} on this network.");

    private async Task EndProxiesAsync()
    {
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        _proxies.Clear();
    }
}

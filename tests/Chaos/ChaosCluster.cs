using System.Data.Common;
using FaultTolerance.Chaos.Handlers;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing.Networks;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Silo processes of the very host that users deploy, on a store of their own, and a client outside of them.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>The one limit on every wait. Its expiry is a failure that shows all logs.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _hang = new(HangLimit);
    private readonly string _folder;
    private readonly ClusterStore _store;
    private readonly Accounts _accounts;
    private readonly IHost _host;

    private ChaosCluster(string folder, ClusterStore store, Accounts accounts, LocalCluster silos, IHost host) =>
        (_folder, _store, _accounts, Silos, _host) = (folder, store, accounts, silos, host);

    public LocalCluster Silos { get; }

    public IFaultToleranceClient Client => _host.Services.GetRequiredService<IFaultToleranceClient>();

    public IFailureFeed Failures => _host.Services.GetRequiredService<IFailureFeed>();

    /// <summary>Fires when something hangs.</summary>
    public CancellationToken Hang => _hang.Token;

    /// <summary>Starts silos, on SQLite where no store is given.</summary>
    /// <param name="store">Where they keep their data; deleted at the end.</param>
    /// <param name="silos">How many there are.</param>
    /// <param name="restartsDead">Whether those that die are started again.</param>
    /// <param name="environment">Further variables of their environment.</param>
    /// <param name="network">The network on which they are; the loopback interface where none is given.</param>
    public static async Task<ChaosCluster> StartAsync(
        ClusterStore? store = null,
        int silos = 3,
        bool restartsDead = false,
        IReadOnlyDictionary<string, string>? environment = null,
        SiloNetwork? network = null)
    {
        var folder = Directory.CreateTempSubdirectory("ft-chaos-").FullName;
        store ??= new SqliteClusterStore(Path.Combine(folder, "data"));
        var accounts = await Accounts.OpenAsync(store, folder);
        var local = await LocalCluster.StartAsync(new LocalClusterOptions
        {
            Program = new SiloProgram
            {
                Path = Path.Combine(AppContext.BaseDirectory, "silo", "FaultTolerance.Orleans.Silo.dll"),
                Environment = slot => Environment(store, slot).Concat(environment?.Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value)) ?? []),
            },
            Folder = folder,
            Silos = silos,
            RestartsDead = restartsDead,
            Network = network,
            Chance = folder.GetHashCode(StringComparison.Ordinal),
        });
        var host = Host.CreateApplicationBuilder();
        host.Logging.ClearProviders();
        host.Services.AddSingleton<ISubmitJournal>(accounts.Journal);
        host.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("chaos", "chaos"));
            store.Configure(client);
            client.AddFaultToleranceClient().UseConnectionRetryFilter(static (_, _) => Task.FromResult(true));
        });
        var built = host.Build();
        await built.StartAsync();
        return new ChaosCluster(folder, store, accounts, local, built);
    }

    /// <summary>Has a silo's process stand still, but never with a lock of an SQLite store: for that the others would end it, which is another scenario.</summary>
    public void Freeze(SiloProcess process)
    {
        while (process.Pause() && _store.IsHeldBy(process.ProcessId))
        {
            process.Resume();
        }
    }

    /// <summary>Has a silo's process stand still just when it holds a lock of an SQLite store.</summary>
    public void FreezeWithLock(SiloProcess process)
    {
        while (process.Pause() && !_store.IsHeldBy(process.ProcessId))
        {
            process.Resume();
            Hang.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits for something that a silo tells, or that was told before.</summary>
    public Task<SiloEvent> UntilAsync(string name, Func<SiloEvent, bool>? which = null) =>
        Silos.Events.WaitForAsync(told => told.Name == name && which?.Invoke(told) != false, cancellationToken: Hang);

    /// <summary>Waits until the death of a node has been recorded and its work recovered.</summary>
    public Task<SiloEvent> UntilRecoveredAsync(string node) => UntilAsync("recovered", told => told.Text("node") == node);

    /// <summary>Returns the deaths of a node that silos have recorded.</summary>
    public IReadOnlyList<SiloEvent> Deaths(string node) =>
        [.. Silos.Events.ToList().Where(told => told.Name == "dead" && told.Text("node") == node)];

    /// <summary>Returns the address of a node's present life.</summary>
    public async Task<INodeGrain> NodeAsync(string name)
    {
        var grains = _host.Services.GetRequiredService<IClusterClient>();
        var nodes = await GetNodesAsync();
        return grains.GetGrain<INodeGrain>(nodes.Single(node => node.Info.Name == name && node.EndedAt is null).Info.Incarnation.Value);
    }

    /// <summary>Returns the newest failures of nodes, or of something else, that the cluster keeps a record of.</summary>
    public async Task<IReadOnlyList<IncidentSnapshot>> IncidentsAsync(FailedEntity entity = FailedEntity.Node) =>
    [
        .. (await AskAsync(() => _host.Services.GetRequiredService<IClusterClient>().GetGrain<IClusterQueryGrain>(0).ListIncidentsAsync(100)))
            .Where(incident => incident.Entity == entity),
    ];

    /// <summary>Returns all deaths that silos have recorded.</summary>
    public IReadOnlyList<SiloEvent> Deaths() => [.. Silos.Events.ToList().Where(told => told.Name == "dead")];

    /// <summary>Waits until tasks have ended.</summary>
    public Task UntilEndedAsync(IEnumerable<ObjectRef<int>> tasks) => Client.WaitAllAsync(tasks.Select(task => (IObjectRef)task), cancellationToken: Hang);

    /// <summary>Waits for a node to be ready in another life than the one that a process of its has led.</summary>
    public Task UntilBackAsync(string node, int processId, long after = 0) =>
        UntilAsync("ready", told => told.Position > after && told.Node == node && told.ProcessId != processId);

    /// <summary>Fails unless Orleans' membership and our own are the same: every silo once, with its present process.</summary>
    public async Task AssertOneViewAsync()
    {
        var grains = _host.Services.GetRequiredService<IClusterClient>();
        var silos = await AskAsync(() => grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true));
        var nodes = (await GetNodesAsync()).Where(node => node.Phase is not (NodePhase.Dead or NodePhase.Left)).ToList();
        Assert.Equal(Silos.Slots.Select(slot => slot.Name), nodes.Select(node => node.Info.Name).Order());
        Assert.Equal(silos.Keys.Order(), nodes.Select(node => node.Info.Address).Order());
        Assert.All(nodes, node => Assert.Equal(Silos.Process(node.Info.Name).ProcessId, node.Info.ProcessId));
    }

    /// <summary>Waits until every node has a transfer half done.</summary>
    public Task UntilHeldEverywhereAsync(Bank bank) => Task.WhenAll(Silos.Slots.Select(slot => bank.UntilHeldAsync(slot.Name, Hang)));

    /// <summary>Fails unless every acknowledged task has ended, none was ended twice, and no slot was lost. To be called when all work is done.</summary>
    public async Task AssertInvariantsAsync()
    {
        await AssertNoSlotIsLostAsync();
        await _accounts.AssertBalancedAsync(Hang);
    }

    /// <summary>Returns the node on whose silo the failure detector is.</summary>
    public async Task<string> FindDetectorAsync()
    {
        var grains = _host.Services.GetRequiredService<IClusterClient>();
        var detector = grains.GetGrain<IFailureDetectorGrain>(0);
        while (true)
        {
            await AskAsync(detector.GetNodesAsync); // after a death it is nowhere until somebody calls it
            if (await AskAsync(() => grains.GetGrain<IManagementGrain>(0).GetActivationAddress(detector).AsTask()) is { } host)
            {
                return Silos.Slots.Single(slot => slot.SiloPort == host.Endpoint.Port).Name;
            }
        }
    }

    /// <summary>Starts visits at a gate until one waits on a node that the failure detector is not on: that one can be suspected.</summary>
    public async Task<(ObjectRef<int> Task, Visitor Visitor)> VisitAwayFromDetectorAsync(Gate gate)
    {
        var detector = await FindDetectorAsync();
        while (true)
        {
            var task = await Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
            var visitor = await gate.NextAsync(Hang);
            if (visitor.Node != detector)
            {
                return (task, visitor);
            }

            await visitor.LetThroughAsync();
            await Client.GetAsync(task, cancellationToken: Hang);
        }
    }

    /// <summary>Lets whoever comes through, until the gate is closed.</summary>
    public async Task LetAllThroughAsync(Gate gate)
    {
        try
        {
            while (true)
            {
                await (await gate.NextAsync(Hang)).LetThroughAsync();
            }
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_hang.IsCancellationRequested)
        {
            TestContext.Current.SendDiagnosticMessage(Silos.LogTails());
            await Console.Error.WriteLineAsync(Silos.LogTails());
        }

        await Silos.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
        await _accounts.DisposeAsync();
        _hang.Dispose();
        await _store.DeleteAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Hangs unless every slot of every node that takes work can be used, at the latest when a node that comes back has all of its own again: as many attempts as there are slots must be under way at once.</summary>
    private async Task AssertNoSlotIsLostAsync()
    {
        var nodes = await GetNodesAsync();
        var slots = nodes.Where(TakesWork).Sum(node => node.Info.Slots);
        Assert.True(slots > 0, $"No node takes work: {string.Join(", ", nodes)}");
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(Client, slots);
        await bank.UntilHeldAsync(slots, Hang);
        bank.Open();
        await UntilEndedAsync(transfers);
        bank.AssertDoneOnce(transfers);
    }

    private Task<IReadOnlyList<NodeSnapshot>> GetNodesAsync() =>
        AskAsync(() => _host.Services.GetRequiredService<IClusterClient>().GetGrain<IFailureDetectorGrain>(0).GetNodesAsync());

    /// <summary>Asks until there is an answer: in a fault that is over a gateway may have been lost, or a connection of a silo to its store.</summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        while (true)
        {
            try
            {
                return await question().WaitAsync(CallLimit);
            }
            catch (Exception exception) when (exception is TimeoutException or DbException or FaultToleranceException { IsRetryable: true })
            {
                Hang.ThrowIfCancellationRequested();
            }
        }
    }

    private bool TakesWork(NodeSnapshot node) =>
        node is { Phase: NodePhase.Alive or NodePhase.Suspected, Order: null } // after a break of the network everybody may be suspected
        && Silos.Process(node.Info.Name) is { Ended.IsCompleted: false } process && process.ProcessId == node.Info.ProcessId;

    private static Dictionary<string, string?> Environment(ClusterStore store, SiloSlot slot) => new(store.SiloSettings.Select(Variable))
    {
        ["FaultTolerance__ClusterId"] = "chaos",
        ["FaultTolerance__ServiceId"] = "chaos",
        ["FaultTolerance__Name"] = slot.Name,
        ["FaultTolerance__SiloPort"] = slot.SiloPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["FaultTolerance__GatewayPort"] = slot.GatewayPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["FaultTolerance__Address"] = slot.Network?.Address.ToString(),
        ["FaultTolerance__HttpPort"] = "0",
        ["FaultTolerance__Handlers"] = Path.Combine(AppContext.BaseDirectory, "chaos-handlers"),
    };

    private static KeyValuePair<string, string?> Variable(KeyValuePair<string, string> setting) =>
        new($"FaultTolerance__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", setting.Value);
}

using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Connections;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Journals;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Cli.Chaos;

/// <summary>A chaos run on a local cluster that runs already, and goes on afterwards.</summary>
internal sealed class FolderRun(ChaosOptions options, LiveBoard board, TimeProvider timeProvider)
{
    /// <summary>Connects, and runs.</summary>
    /// <param name="work">The run's own folder, for the journal.</param>
    /// <param name="seed">Decides what is left to chance.</param>
    /// <param name="cancellationToken">Interrupts it; nobody is left paused.</param>
    public async Task<ChaosResult> RunAsync(string work, int seed, CancellationToken cancellationToken)
    {
        var target = new ClusterTarget { Folder = options.Folder, Timeout = TimeSpan.FromSeconds(30) };
        var (location, folder) = (ClusterLocation.Find(target), new ClusterFolder(options.Folder!));
        using var journal = ClientJournal.Open(Path.Join(work, "acknowledged"));
        await using var store = await location.Store.OpenAsync(cancellationToken);
        await using var audit = await RunAudit.InstallAsync(folder, location.Store, work, board, timeProvider, cancellationToken); // before the first task of the load
        await using var connection = await ClusterConnection.OpenAsync(target, journal, timeProvider, cancellationToken);
        var site = new FolderSite(folder, store, new ClusterOrders(connection.Orleans, timeProvider), location.Store.IsHeldBy);
        var (kinds, leftOut) = ChaosKinds.Choose(options.Kinds, Conditions(site.Nodes.Count), board);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = new NodeWatch(store, site.See, board, timeProvider).RunAsync(watching.Token);
        try
        {
            var ground = new ChaosGround(site, connection.Tasks, journal, audit.Counter, connection.Services.GetRequiredService<Serializer>());
            var plan = ChaosProfiles.Plan(options.Faults, site.Nodes.Count, kinds, options.Profile, seed);
            return await new ChaosRun(ground, board, timeProvider).RunAsync(plan, seed, options.Profile, cancellationToken) with { LeftOut = leftOut };
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }
    }

    private static ChaosConditions Conditions(int silos) => new()
    {
        Silos = silos,
        NoNetwork = "The silos of a running local cluster share the network of this machine.",
        NoServer = "The store of a running cluster is left alone.",
        NoReturn = "The supervisor of a running cluster does not start a silo again that has left in order.",
    };
}

using System.Globalization;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Decides what a cluster that is started consists of: what was asked for now, then what its folder keeps, then the defaults.</summary>
internal static class ClusterPlan
{
    /// <summary>Decides everything but the ports of silos that have none yet.</summary>
    /// <exception cref="UsageException">What was asked for does not go together.</exception>
    public static ClusterSpec Merge(ClusterStartOptions options, ClusterSpec? kept)
    {
        kept ??= new ClusterSpec();
        var store = options.Store ?? kept.Store;
        var connection = options.Connection ?? kept.Connection;
        if (store == StoreKind.Postgres && string.IsNullOrWhiteSpace(connection))
        {
            throw new UsageException("--store postgres needs --connection, for instance --connection \"Host=localhost;Database=test;Username=me\".");
        }

        if (store == StoreKind.Sqlite && options.Connection is not null)
        {
            throw new UsageException("--connection is for --store postgres; leave it out, or add --store postgres.");
        }

        return new ClusterSpec
        {
            Store = store,
            Connection = store == StoreKind.Postgres ? connection : null,
            Schema = store == StoreKind.Postgres ? options.Schema ?? kept.Schema ?? SchemaOf(options.Folder) : null,
            Handlers = options.Handlers ?? kept.Handlers,
            Silos = options.Silos ?? kept.Silos,
            Ports = options.NewPorts ? [] : kept.Ports,
        };
    }

    /// <summary>Takes the ports that the silos have, and free ones for those that have none.</summary>
    /// <param name="spec">The cluster.</param>
    /// <param name="folder">Its folder, by which different clusters begin their search at different ports.</param>
    /// <returns>The cluster with all ports, and the reservations that keep them.</returns>
    /// <exception cref="UsageException">A port that a silo has is somebody else's by now.</exception>
    public static (ClusterSpec Spec, IReadOnlyList<PortReservation> Held) TakePorts(ClusterSpec spec, ClusterFolder folder)
    {
        var known = spec.Ports.Take(spec.Silos).ToList();
        var held = new List<PortReservation>();
        try
        {
            held.Add(PortReservation.Hold([.. known.SelectMany(ports => new[] { ports.SiloPort, ports.GatewayPort })]));
            held.Add(PortReservation.Take(2 * (spec.Silos - known.Count), NumberOf(folder.Path)));
        }
        catch (IOException exception)
        {
            held.ForEach(reservation => reservation.Dispose());
            throw new UsageException($"{exception.Message} Stop what uses it, or take other ports: ft cluster start{folder.Option} --new-ports", exception);
        }

        var added = held[1].Ports.Chunk(2).Select((pair, i) => new SiloPorts(NameOf(known.Count + i + 1), pair[0], pair[1]));
        return (spec with { Ports = [.. known, .. added, .. spec.Ports.Skip(spec.Silos)] }, held);
    }

    /// <summary>Returns the store of a cluster.</summary>
    public static ClusterStore StoreOf(ClusterSpec spec, ClusterFolder folder) => spec.Store == StoreKind.Sqlite
        ? new SqliteClusterStore(folder.Data)
        : new PostgresClusterStore(spec.Connection!, spec.Schema!, spec.Silos);

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"silo-{number}");

    private static string SchemaOf(string folder) => string.Create(CultureInfo.InvariantCulture, $"ft_{NumberOf(Path.GetFullPath(folder)):x8}");

    /// <summary>A number that is the same for one text in every process (FNV-1a), which a string's own hash is not.</summary>
    private static int NumberOf(string text) => (int)(text.Aggregate(2_166_136_261u, (hash, letter) => (hash ^ letter) * 16_777_619u) & int.MaxValue);
}

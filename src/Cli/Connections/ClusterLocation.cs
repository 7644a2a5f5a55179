using FaultTolerance.Cli.Clusters;
using FaultTolerance.Storage.PostgreSql;

namespace FaultTolerance.Cli.Connections;

/// <summary>Where a cluster is found.</summary>
/// <param name="Name">How it is named to people.</param>
/// <param name="Store">The store in which its membership stands.</param>
internal sealed record ClusterLocation(string Name, ClusterStore Store)
{
    /// <summary>Finds a cluster.</summary>
    /// <exception cref="CommandException">There is none, or none that runs; the message says how to start or name one.</exception>
    public static ClusterLocation Find(ClusterTarget target)
    {
        switch (target.Store)
        {
            case StoreKind.Postgres:
                var schema = target.Schema ?? new PostgresStoreOptions().Schema;
                return new ClusterLocation($"on PostgreSQL (schema {schema})", new PostgresClusterStore(target.Connection!, schema, silos: 1));
            case StoreKind.Sqlite:
                return new ClusterLocation(
                    $"on SQLite in {target.Connection}",
                    Directory.Exists(target.Connection)
                        ? new SqliteClusterStore(target.Connection)
                        : throw new UsageException($"There is no data folder {target.Connection}. Name the one in the silos' setting FaultTolerance:Store with --connection."));
            default:
                return OfFolder(new ClusterFolder(target.Folder ?? ClusterFolder.Default));
        }
    }

    private static ClusterLocation OfFolder(ClusterFolder folder)
    {
        var (spec, state) = (folder.ReadSpec(), folder.ReadState());
        if (spec is null || state is null)
        {
            throw new CommandException(
                ExitCodes.Unreachable,
                $"There is no cluster in {folder.Path}. Start one: ft cluster start{folder.Option}, or name another with --folder, or a deployed one with --store and --connection.");
        }

        return state.Phase is ClusterPhase.Stopped or ClusterPhase.Crashed
            ? throw new CommandException(ExitCodes.Unreachable, $"The cluster in {folder.Path} is not running. Start it: ft cluster start{folder.Option}")
            : new ClusterLocation($"in {folder.Path}", ClusterPlan.StoreOf(spec, folder));
    }
}

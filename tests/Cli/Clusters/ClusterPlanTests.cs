using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Tests.Clusters;

public sealed class ClusterPlanTests
{
    private static readonly ClusterStartOptions Nothing = new() { Folder = "/some/folder" };

    [Fact]
    public void A_new_cluster_has_three_silos_on_sqlite() =>
        Assert.Equal((3, StoreKind.Sqlite, null, null), Shown(ClusterPlan.Merge(Nothing, null)));

    [Fact]
    public void What_is_not_asked_for_stays_as_it_was()
    {
        var kept = ClusterPlan.Merge(Nothing with { Silos = 5, Store = StoreKind.Postgres, Connection = "Host=a", Schema = "mine", Handlers = "/h" }, null);

        Assert.Equal(kept, ClusterPlan.Merge(Nothing, kept));
        Assert.Equal((1, StoreKind.Postgres, "Host=b", "mine"), Shown(ClusterPlan.Merge(Nothing with { Silos = 1, Connection = "Host=b" }, kept)));
        Assert.Equal((5, StoreKind.Sqlite, null, null), Shown(ClusterPlan.Merge(Nothing with { Store = StoreKind.Sqlite }, kept)));
    }

    [Fact]
    public void Two_folders_on_one_database_have_schemas_of_their_own_and_the_same_ones_at_each_start()
    {
        var asked = Nothing with { Store = StoreKind.Postgres, Connection = "Host=a" };
        var (one, again, other) = (ClusterPlan.Merge(asked, null), ClusterPlan.Merge(asked, null), ClusterPlan.Merge(asked with { Folder = "/other" }, null));

        Assert.Equal(one.Schema, again.Schema);
        Assert.NotEqual(one.Schema, other.Schema);
        Assert.Matches("^ft_[0-9a-f]{8}$", one.Schema);
    }

    [Fact]
    public void Postgres_without_a_connection_is_refused() =>
        Assert.Contains("needs --connection", Assert.Throws<UsageException>(() => ClusterPlan.Merge(Nothing with { Store = StoreKind.Postgres }, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_connection_for_sqlite_is_refused() =>
        Assert.Contains("--store postgres", Assert.Throws<UsageException>(() => ClusterPlan.Merge(Nothing with { Connection = "Host=a" }, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Silos_keep_their_ports_also_those_that_a_start_leaves_out_and_new_ones_get_some()
    {
        var folder = new ClusterFolder($"/some/{nameof(ClusterPlanTests)}");
        var two = Ports(ClusterPlan.Merge(Nothing with { Silos = 2 }, null), folder);
        var one = Ports(ClusterPlan.Merge(Nothing with { Silos = 1 }, two), folder);
        var three = Ports(ClusterPlan.Merge(Nothing with { Silos = 3 }, one), folder);

        Assert.Equal(two.Ports, one.Ports);
        Assert.Equal(two.Ports, three.Ports.Take(2));
        Assert.Equal(["silo-1", "silo-2", "silo-3"], three.Ports.Select(ports => ports.Name));
        Assert.Empty(ClusterPlan.Merge(Nothing with { NewPorts = true }, three).Ports);
    }

    [Fact]
    public void Ports_that_are_somebody_elses_by_now_are_told_with_the_remedy()
    {
        var folder = new ClusterFolder($"/another/{nameof(ClusterPlanTests)}");
        var (spec, held) = ClusterPlan.TakePorts(ClusterPlan.Merge(Nothing with { Silos = 1 }, null), folder);

        var failure = Assert.Throws<UsageException>(() => ClusterPlan.TakePorts(spec, folder));

        Assert.Contains($"Port {spec.Ports[0].SiloPort} is reserved by another local cluster. Stop what uses it, or take other ports", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--new-ports", failure.Message, StringComparison.Ordinal);
        Assert.All(held, reservation => reservation.Dispose());
    }

    private static ClusterSpec Ports(ClusterSpec spec, ClusterFolder folder)
    {
        var (with, held) = ClusterPlan.TakePorts(spec, folder);
        Assert.All(held, reservation => reservation.Dispose());
        return with;
    }

    private static (int Silos, StoreKind Store, string? Connection, string? Schema) Shown(ClusterSpec spec) => (spec.Silos, spec.Store, spec.Connection, spec.Schema);
}

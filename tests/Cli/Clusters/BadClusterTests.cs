using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing;
using Npgsql;

namespace FaultTolerance.Cli.Tests.Clusters;

/// <summary>Clusters that cannot be started, found or entered: each is a sentence with the remedy, and no secret in it.</summary>
public sealed class BadClusterTests
{
    private const string Secret = "hunter2-never-shown";

    [Fact]
    public async Task Where_there_is_no_cluster_it_is_said_how_to_start_one()
    {
        await using var cluster = new TestCluster();
        string[][] commands = [["cluster", "status"], ["nodes"], ["tasks", "list"], ["lineage", TaskId.New().ToString()]];

        foreach (var command in commands)
        {
            Assert.Equal(ExitCodes.Unreachable, await cluster.RunAsync(command));
            Assert.Contains($"There is no cluster in {cluster.Folder.Path}. Start one: ft cluster start --folder", cluster.Error, StringComparison.Ordinal);
        }

        var stopped = await cluster.AskAsync([ExitCodes.Right], "cluster", "stop");
        Assert.False(stopped.GetProperty("wasRunning").GetBoolean());
    }

    [Fact]
    public async Task A_silo_that_cannot_start_is_told_in_its_own_words_and_nothing_is_left()
    {
        await using var cluster = new TestCluster();

        var exitCode = await cluster.RunAsync(
            "cluster", "start", "--silos", "1", "--store", "postgres", "--connection", $"Host=127.0.0.1;Port=1;Database=d;Username=u;Password={Secret}");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains("silo-1 could not start (exit code 2). It says:\n  PostgreSQL at 127.0.0.1:1, database 'd', user 'u' could not be reached", cluster.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cluster.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, cluster.Output + cluster.Error, StringComparison.Ordinal);
        Assert.Equal(ClusterPhase.Stopped, cluster.State.Phase);
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_told()
    {
        await using var cluster = new TestCluster();
        var file = Path.Join(cluster.Folder.Path, "file");
        await File.WriteAllTextAsync(file, "");
        using var ft = new CommandLine((output, error) => new FtPrograms(null!, null!, new ClusterProgram(new Terminal(output, error, TimeProvider.System), TextReader.Null, output), null!, null!));

        Assert.Equal(ExitCodes.Usage, await ft.RunAsync("cluster", "start", "--folder", file));

        Assert.Contains($"The folder {file} cannot be made", ft.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_on_postgres_is_found_by_its_store_and_a_wrong_password_is_never_printed()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var cluster = new TestCluster();
        await cluster.StartAsync(1, "--store", "postgres", "--connection", server.ConnectionString(), "--schema", "mine");
        using var ft = new CommandLine((output, error) => new FtPrograms(null!, null!, null!, new Cli.Queries.QueryProgram(new Terminal(output, error, TimeProvider.System)), null!));
        string[] deployed = ["nodes", "--store", "postgres", "--schema", "mine", "--timeout", "60"];
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = Secret }.ConnectionString;

        Assert.Contains(await ft.RunAsync([.. deployed, "--connection", server.ConnectionString()]), (int[])[ExitCodes.Right, ExitCodes.Wrong]);
        Assert.Contains("silo-1", ft.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await ft.RunAsync([.. deployed, "--connection", wrong]));
        Assert.Contains("Check Username and Password", ft.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, ft.Output + ft.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await ft.RunAsync([.. deployed, "--connection", $"Hst=db;Password={Secret}"]));
        Assert.Contains("is not in Npgsql's form", ft.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, ft.Output + ft.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Unreachable, await ft.RunAsync([.. deployed[..^1], "1", "--cluster-id", "another", "--connection", server.ConnectionString()]));
        Assert.Contains("no living silo is listed there", ft.Error, StringComparison.Ordinal);
    }
}

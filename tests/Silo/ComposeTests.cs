using System.Diagnostics;
using System.Globalization;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Processes;
using Npgsql;

namespace FaultTolerance.Silo.Tests;

/// <summary>The services of <c>docker-compose.yml</c>, started by hand where there is no container: as processes with the environment that the file gives them.</summary>
/// <remarks>All containers have the same ports and each a machine of its own. Here they share one, so each gets ports of its own for those in the file.</remarks>
public sealed class ComposeTests : IDisposable
{
    private const int Silos = 3;
    private const string Password = "swordfish";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-compose-");
    private readonly PortReservation _httpPorts = PortReservation.Take(Silos, Environment.ProcessId);
    private readonly ComposeFile _file = ComposeFile.Read(new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = Password });

    public void Dispose()
    {
        _httpPorts.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_services_of_the_compose_file_are_healthy_by_its_own_checks()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await PrepareAsync(server, _file.Environment("postgres"));
        await AssertHealthyAsync(_file.HealthCheck("postgres"), new() { ["PGHOST"] = "127.0.0.1", ["PGPORT"] = Text(server.Port) });

        Assert.Contains("/app/handlers", _file.Mounts("silo-1"));
        HandlerAssembly.Write(_folder.FullName, "Deployed", "files.digest", version: 1);
        await using var cluster = await StartAsync(server);

        foreach (var slot in cluster.Slots)
        {
            var command = _file.HealthCheck(slot.Name).Select(word => word.Replace(":8080/", $":{HttpPort(slot)}/", StringComparison.Ordinal));
            await AssertHealthyAsync([.. command], []);
        }
    }

    /// <summary>Makes the user and the database, as the image of PostgreSQL does.</summary>
    private static async Task PrepareAsync(PostgresServer server, Dictionary<string, string> environment)
    {
        await using var database = new NpgsqlConnection(server.ConnectionString());
        await database.OpenAsync();
        foreach (var sql in new[]
        {
            $"create role {environment["POSTGRES_USER"]} superuser login password '{environment["POSTGRES_PASSWORD"]}'",
            $"create database {environment["POSTGRES_DB"]} owner {environment["POSTGRES_USER"]}",
        })
        {
            await using var command = new NpgsqlCommand(sql, database);
            await command.ExecuteNonQueryAsync();
        }
    }

    private Task<LocalCluster> StartAsync(PostgresServer server) => LocalCluster.StartAsync(new LocalClusterOptions
    {
        Program = new SiloProgram
        {
            Path = Path.Combine(AppContext.BaseDirectory, "silo", "FaultTolerance.Orleans.Silo.dll"),
            Environment = slot => OnThisMachine(slot, server, _file.Environment(slot.Name)),
        },
        Folder = _folder.FullName,
        Silos = Silos,
        Chance = _folder.FullName.GetHashCode(StringComparison.Ordinal),
    });

    /// <summary>Puts what there is on this machine in the place of a container's host names, folders and ports.</summary>
    private Dictionary<string, string?> OnThisMachine(SiloSlot slot, PostgresServer server, Dictionary<string, string> environment)
    {
        Assert.Contains("Host=postgres;", environment["FaultTolerance__Store"], StringComparison.Ordinal);
        return new Dictionary<string, string?>(environment.Select(variable => KeyValuePair.Create(
            variable.Key, (string?)variable.Value.Replace("Host=postgres;", $"Host=127.0.0.1;Port={server.Port};", StringComparison.Ordinal))))
        {
            ["FaultTolerance__Handlers"] = _folder.FullName,
            ["FaultTolerance__SiloPort"] = Text(slot.SiloPort),
            ["FaultTolerance__GatewayPort"] = Text(slot.GatewayPort),
            ["FaultTolerance__HttpPort"] = HttpPort(slot),
        };
    }

    private string HttpPort(SiloSlot slot) => Text(_httpPorts.Ports[slot.Name[^1] - '1']);

    private static async Task AssertHealthyAsync(IReadOnlyList<string> command, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}: {await output} {await error}");
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

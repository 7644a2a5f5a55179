using System.Globalization;
using System.Net;
using System.Text.Json;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace FaultTolerance.Bench.Reference;

/// <summary>A silo of plain Orleans with ADO.NET grain storage: the bench's own program, started with a command of its own.</summary>
internal static class ReferenceSilo
{
    /// <summary>The command by which the bench's program becomes a silo.</summary>
    public const string Command = "reference-silo";

    /// <summary>The name of the grain storage.</summary>
    public const string Storage = "notes";

    /// <summary>The name of cluster and service.</summary>
    public const string ClusterName = "reference";

    /// <summary>The variable that holds the database's connection string: other users of the machine do not see it there.</summary>
    public const string Connection = "FT_BENCH_CONNECTION";

    /// <summary>Returns the arguments of a silo.</summary>
    public static IEnumerable<string> Arguments(SiloSlot slot, SiloSlot primary) =>
        [Command, .. new[] { slot.SiloPort, slot.GatewayPort, primary.SiloPort }.Select(port => port.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Runs a silo until its standard input ends, which it does when the bench does.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var ports = arguments.Take(3).Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1], new IPEndPoint(IPAddress.Loopback, ports[2]), ClusterName, ClusterName);
            silo.AddAdoNetGrainStorage(Storage, options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = Environment.GetEnvironmentVariable(Connection);
            });
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object> { ["event"] = SiloEvent.Ready, ["pid"] = Environment.ProcessId }));
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        await host.StopAsync();
        return 0;
    }
}

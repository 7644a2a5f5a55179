using System.Globalization;
using System.Net;
using System.Text.Json;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace FaultTolerance.Bench.Reference;

/// <summary>A silo of Orleans and nothing else, which tells of the silos that its membership declares dead: the bench's own program, started with a command of its own.</summary>
/// <remarks>Membership is kept in the memory of the first silo, which is faster than any database; that silo must never be struck.</remarks>
internal static class PlainSilo
{
    /// <summary>The command by which the bench's program becomes such a silo.</summary>
    public const string Command = "plain-silo";

    /// <summary>The event by which a silo tells of another that was declared dead; field <see cref="Address"/>.</summary>
    public const string Dead = "dead";

    /// <summary>The field that holds which silo an event is about, its own when it is ready.</summary>
    public const string Address = "silo";

    /// <summary>What is given for the profile when Orleans keeps its own default options.</summary>
    public const string Defaults = "defaults";

    private const string ClusterName = "plain";

    /// <summary>Returns the arguments of a silo.</summary>
    public static IEnumerable<string> Arguments(SiloSlot slot, SiloSlot primary, NodeProfile? profile) =>
    [
        Command,
        profile?.ToString() ?? Defaults,
        .. new[] { slot.SiloPort, slot.GatewayPort, primary.SiloPort }.Select(port => port.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>Runs a silo until its standard input ends, which it does when the bench does.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var ports = arguments.Skip(1).Take(3).Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1], new IPEndPoint(IPAddress.Loopback, ports[2]), ClusterName, ClusterName);
            if (Enum.TryParse<NodeProfile>(arguments[0], out var profile))
            {
                silo.Configure<ClusterMembershipOptions>(options => NodeProfiles.Apply(new NodeDetectionOptions { Profile = profile }, options));
            }
        });
        using var host = builder.Build();
        await host.StartAsync();
        Tell(SiloEvent.Ready, host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
        using var stop = new CancellationTokenSource();
        var following = FollowAsync(host.Services.GetRequiredService<IClusterMembershipService>(), stop.Token);
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        await stop.CancelAsync();
        await following;
        await host.StopAsync();
        return 0;
    }

    private static async Task FollowAsync(IClusterMembershipService membership, CancellationToken cancellationToken)
    {
        var told = new HashSet<SiloAddress>();
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
            {
                foreach (var member in snapshot.Members.Values.Where(member => member.Status == SiloStatus.Dead && told.Add(member.SiloAddress)))
                {
                    Tell(Dead, member.SiloAddress);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // the bench is over
        }
    }

    private static void Tell(string name, SiloAddress silo) => Console.WriteLine(JsonSerializer.Serialize(
        new Dictionary<string, object> { ["event"] = name, [Address] = silo.ToParsableString(), ["pid"] = Environment.ProcessId }));
}

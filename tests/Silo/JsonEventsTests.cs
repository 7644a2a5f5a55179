using System.Net;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace FaultTolerance.Silo.Tests;

/// <summary>When the driver of a silo is told what.</summary>
public sealed class JsonEventsTests
{
    private static readonly NodeInfo Node = new()
    {
        Name = "silo-1",
        Incarnation = new NodeIncarnation(7),
        Address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1),
    };

    [Fact]
    public void A_node_that_has_joined_is_ready_only_when_its_host_serves_http()
    {
        using var output = new StringWriter();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        IClusterEvents events = new JsonEvents(output, lifetime);

        events.OnNodeJoined(Node);
        Assert.Empty(output.ToString());
        lifetime.NotifyStarted();

        Assert.StartsWith("""{"event":"ready","node":"silo-1",""", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_whose_node_has_not_joined_is_not_ready()
    {
        using var output = new StringWriter();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        IClusterEvents events = new JsonEvents(output, lifetime);

        lifetime.NotifyStarted();
        Assert.Empty(output.ToString());
        events.OnNodeJoined(Node);

        Assert.StartsWith("""{"event":"ready","node":"silo-1",""", output.ToString(), StringComparison.Ordinal);
    }
}

using System.Net;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>A silo of which only the address is known.</summary>
internal sealed class FakeSilo(SiloAddress address) : ILocalSiloDetails
{
    public string Name => "node-9";

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress => address;

    public SiloAddress GatewayAddress => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 0), 0);
}

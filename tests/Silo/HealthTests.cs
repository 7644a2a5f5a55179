using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Silo.Tests;

/// <summary>Where the host answers how it is.</summary>
public sealed class HealthTests : IDisposable
{
    /// <summary>An address of this machine that is not the one that <c>localhost</c> stands for.</summary>
    private const string Address = "127.0.0.2";

    private readonly HostUnderTest _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_silo_with_an_address_of_its_own_is_asked_there_and_on_loopback()
    {
        var port = _host.Set("Address", Address).SetHttpPort();
        await using var silo = await _host.StartAsync();

        foreach (var address in new[] { Address, "127.0.0.1" })
        {
            Assert.Equal((HttpStatusCode.OK, "Healthy", "The node takes work."), await Health.AskAsync(address, port));
            Assert.Equal((HttpStatusCode.OK, "Healthy", "The process works."), await Health.AskAsync(address, port, "/health/live"));
        }
    }

    [Theory]
    [InlineData(Address)]
    [InlineData("127.0.0.1")]
    public async Task A_port_that_is_in_use_on_one_of_the_two_is_told_with_the_address(string taken)
    {
        using var other = new TcpListener(IPAddress.Parse(taken), 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var said = await _host.Set("Address", Address).Set("HttpPort", port).RefusedAsync();

        Assert.Contains($"Port {port} on {taken} cannot be used", said, StringComparison.Ordinal);
        Assert.Contains("FaultTolerance:HttpPort", said, StringComparison.Ordinal);
    }
}

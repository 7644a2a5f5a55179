using System.Net;
using System.Net.Sockets;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Testing.Tests.Processes;

public sealed class PortReservationTests
{
    [Fact]
    public void A_reserved_port_is_not_given_again_until_it_is_given_back()
    {
        int port;
        using (var first = PortReservation.Take(1, chance: 17))
        {
            port = first.Ports[0];
            using var second = PortReservation.Take(1, chance: 17);
            Assert.NotEqual(port, second.Ports[0]);
        }

        using var third = PortReservation.Take(1, chance: 17);
        Assert.Equal(port, third.Ports[0]);
    }

    [Fact]
    public void A_port_on_which_somebody_listens_is_not_given()
    {
        int port;
        using (var first = PortReservation.Take(1, chance: 4_711))
        {
            port = first.Ports[0];
        }

        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var second = PortReservation.Take(1, chance: 4_711);
        Assert.NotEqual(port, second.Ports[0]);
    }

    [Fact]
    public void More_ports_than_there_are_is_an_error() =>
        Assert.Throws<IOException>(() => PortReservation.Take(10_000, chance: 0));
}

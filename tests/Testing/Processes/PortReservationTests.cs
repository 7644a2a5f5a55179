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
    public void Ports_that_were_given_back_can_be_held_again_by_one_at_a_time()
    {
        IReadOnlyList<int> ports;
        using (var first = PortReservation.Take(2, chance: 815))
        {
            ports = first.Ports;
        }

        using var second = PortReservation.Hold(ports);
        var taken = Assert.Throws<IOException>(() => PortReservation.Hold(ports));

        Assert.Equal(ports, second.Ports);
        Assert.Contains($"Port {ports[0]} is reserved by another local cluster", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_of_which_one_is_in_use_are_not_held_and_none_of_them_stays_reserved()
    {
        IReadOnlyList<int> ports;
        using (var first = PortReservation.Take(2, chance: 915))
        {
            ports = first.Ports;
        }

        using (var listener = new TcpListener(IPAddress.Loopback, ports[1]))
        {
            listener.Start();
            var used = Assert.Throws<IOException>(() => PortReservation.Hold(ports));
            Assert.Contains($"Port {ports[1]} is in use", used.Message, StringComparison.Ordinal);
        }

        using var second = PortReservation.Hold(ports);
    }

    [Fact]
    public void More_ports_than_there_are_is_an_error() =>
        Assert.Throws<IOException>(() => PortReservation.Take(10_000, chance: 0));
}

using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Silo;

/// <summary>Finds out before the start whether a port can be had, to say so in words.</summary>
internal static class PortCheck
{
    /// <summary>Checks a port; 0 stands for whichever is free. One that is out of bounds is told by the settings' own check.</summary>
    /// <exception cref="FaultToleranceException">Another process listens there, or it may not be used.</exception>
    public static void Require(IPAddress address, int port, string setting)
    {
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            return;
        }

        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As the silo itself will: a port that is only winding down from a former life does not count as taken.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
        }
        catch (SocketException exception)
        {
            throw new FaultToleranceException(
                $"Port {port} on {address} cannot be used: {exception.Message}. Stop what listens there, or choose another with FaultTolerance:{setting}.", exception);
        }
    }

    /// <summary>Checks that no port is given to two purposes: each alone would be found free.</summary>
    /// <exception cref="FaultToleranceException">One is.</exception>
    public static void RequireDistinct(SiloSettings settings)
    {
        (string Setting, int Port)[] given =
        [
            (nameof(settings.SiloPort), settings.SiloPort), (nameof(settings.GatewayPort), settings.GatewayPort), (nameof(settings.HttpPort), settings.HttpPort),
        ];
        if (given.Where(one => one.Port != 0).GroupBy(one => one.Port, one => $"FaultTolerance:{one.Setting}").FirstOrDefault(port => port.Count() > 1) is { } shared)
        {
            throw new FaultToleranceException($"Port {shared.Key} is given to {string.Join(" and ", shared)}. Give each a port of its own.");
        }
    }
}

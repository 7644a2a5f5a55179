using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Testing.Processes;

/// <summary>Ports of the loopback interface that are this process's own until it gives them back or ends.</summary>
/// <remarks>
/// The ports lie below those that the kernel gives to outgoing connections, so that none of these takes a silo's port while
/// the silo is down. A locked file for each port keeps clusters of the same machine apart, also while nobody listens.
/// </remarks>
public sealed class PortReservation : IDisposable
{
    private const int First = 21_000;
    private const int Count = 9_000; // up to 29,999; Linux hands out 32,768 and above

    private readonly List<FileStream> _locks;

    private PortReservation(IReadOnlyList<int> ports, List<FileStream> locks) => (Ports, _locks) = (ports, locks);

    /// <summary>Gets the ports.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>Reserves ports on which nobody listens.</summary>
    /// <param name="count">How many.</param>
    /// <param name="chance">A random number of at least 0: where the search starts.</param>
    /// <exception cref="IOException">There are not so many free ports.</exception>
    public static PortReservation Take(int count, int chance)
    {
        var folder = Directory.CreateDirectory(Path.Join(Path.GetTempPath(), $"fault-tolerance-ports-{Environment.UserName}")).FullName;
        var (ports, locks) = (new List<int>(), new List<FileStream>());
        for (var i = 0; i < Count && ports.Count < count; i++)
        {
            var port = First + (int)(((long)chance + i) % Count);
            if (TryLock(Path.Join(folder, port.ToString(CultureInfo.InvariantCulture))) is not { } held)
            {
                continue;
            }

            if (IsFree(port))
            {
                ports.Add(port);
                locks.Add(held);
            }
            else
            {
                held.Dispose();
            }
        }

        var reservation = new PortReservation(ports, locks);
        if (ports.Count == count)
        {
            return reservation;
        }

        reservation.Dispose();
        throw new IOException($"Of the ports {First} to {First + Count - 1} fewer than {count} are free; end what holds them.");
    }

    /// <summary>Gives the ports back.</summary>
    public void Dispose() => _locks.ForEach(held => held.Dispose());

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // another process's
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

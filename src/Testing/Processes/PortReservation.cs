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
        var folder = LockFolder();
        var (ports, locks) = (new List<int>(), new List<FileStream>());
        for (var i = 0; i < Count && ports.Count < count; i++)
        {
            var port = First + (int)(((long)chance + i) % Count);
            if (TryLock(folder, port) is not { } held)
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

    /// <summary>Reserves the very ports that were reserved before. One that is only winding down from a former life counts as free.</summary>
    /// <param name="ports">The ports.</param>
    /// <exception cref="IOException">One of them is somebody else's; the message names it.</exception>
    public static PortReservation Hold(IReadOnlyList<int> ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        var folder = LockFolder();
        var reservation = new PortReservation(ports, []);
        foreach (var port in ports)
        {
            if (TryLock(folder, port) is not { } held)
            {
                reservation.Dispose();
                throw new IOException($"Port {port} is reserved by another local cluster.");
            }

            reservation._locks.Add(held);
            if (!CanListen(port))
            {
                reservation.Dispose();
                throw new IOException($"Port {port} is in use by another process.");
            }
        }

        return reservation;
    }

    /// <summary>Gives the ports back.</summary>
    public void Dispose() => _locks.ForEach(held => held.Dispose());

    private static string LockFolder() =>
        Directory.CreateDirectory(Path.Join(Path.GetTempPath(), $"fault-tolerance-ports-{Environment.UserName}")).FullName;

    private static FileStream? TryLock(string folder, int port)
    {
        try
        {
            var path = Path.Join(folder, port.ToString(CultureInfo.InvariantCulture));
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // another process's
        }
    }

    private static bool IsFree(int port) => TryBind(port, static _ => { });

    private static bool CanListen(int port) => TryBind(
        port,
        static socket => socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true),
        static socket => socket.Listen());

    private static bool TryBind(int port, Action<Socket> prepare, Action<Socket>? proceed = null)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            prepare(socket);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            proceed?.Invoke(socket);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

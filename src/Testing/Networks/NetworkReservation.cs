using System.Globalization;

namespace FaultTolerance.Testing.Networks;

/// <summary>A number that names a network on this machine, this process's own until it gives it back or ends.</summary>
/// <remarks>
/// It is a locked file, which the kernel unlocks when the process ends, however it does. So a network whose file can be
/// locked is a leftover of a process that was killed.
/// </remarks>
internal sealed class NetworkReservation : IDisposable
{
    /// <summary>How many networks there may be at a time: one for each net of 256 addresses in 198.18.0.0/16, which is kept free for measurements (RFC 2544).</summary>
    private const int Count = 256;

    /// <summary>Not the temporary folder: that may be another one for each process, and networks are the machine's.</summary>
    private const string Folder = "/run/fault-tolerance-networks";

    private readonly FileStream _lock;

    private NetworkReservation(int number, FileStream held) => (Number, _lock) = (number, held);

    public int Number { get; }

    /// <summary>Takes a number that is free.</summary>
    /// <exception cref="NetworkUnavailableException">None is, or this user may not have one.</exception>
    public static NetworkReservation Take() => Enumerable.Range(0, Count).Select(TryTake).FirstOrDefault(taken => taken is not null)
        ?? throw new NetworkUnavailableException($"All {Count} networks of this machine are in use.");

    /// <summary>Takes a certain number; null when another process has it.</summary>
    public static NetworkReservation? TryTake(int number)
    {
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NetworkUnavailableException(exception.Message, exception);
        }

        try
        {
            var path = Path.Join(Folder, number.ToString(CultureInfo.InvariantCulture));
            return new NetworkReservation(number, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null; // locked
        }
    }

    public void Dispose() => _lock.Dispose();
}

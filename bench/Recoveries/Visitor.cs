using System.Globalization;
using System.Net.Sockets;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>One attempt that waits at a gate.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly TcpClient _connection;

    private Visitor(TcpClient connection, string[] name, DateTimeOffset at)
    {
        (_connection, At) = (connection, at);
        (Task, Attempt, Node) = (TaskId.Parse(name[0]), int.Parse(name[1], CultureInfo.InvariantCulture), name[2]);
    }

    public TaskId Task { get; }

    public int Attempt { get; }

    public string Node { get; }

    /// <summary>Gets when it called.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Hears who calls; null when the caller was struck before it could say so.</summary>
    public static async Task<Visitor?> MeetAsync(TcpClient connection, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(connection.GetStream(), leaveOpen: true);
            if (await reader.ReadLineAsync(cancellationToken) is { } line && line.Split(' ') is { Length: 3 } name)
            {
                return new Visitor(connection, name, at);
            }
        }
        catch (IOException)
        {
            // A killed process resets its connections.
        }

        connection.Dispose();
        return null;
    }

    /// <summary>Lets the attempt go on to its end.</summary>
    public async Task LetThroughAsync()
    {
        try
        {
            await _connection.GetStream().WriteAsync(new byte[] { 1 });
        }
        catch (IOException)
        {
            // It is gone; another attempt of its task calls, and is let through in its turn.
        }
    }

    public void Dispose() => _connection.Dispose();
}

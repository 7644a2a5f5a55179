using System.Net.Sockets;

namespace FaultTolerance.Chaos.Tests;

/// <summary>One attempt that waits at a gate.</summary>
internal sealed class Visitor(TcpClient connection, TaskId task, int attempt, string node)
{
    public TaskId Task { get; } = task;

    public int Attempt { get; } = attempt;

    public string Node { get; } = node;

    /// <summary>Lets the attempt go on to its end.</summary>
    public async Task LetThroughAsync() => await connection.GetStream().WriteAsync(new byte[] { 1 });

    /// <summary>Ends when the attempt has hung up: its handler saw its token fire, or its process is gone.</summary>
    public async Task HungUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await connection.GetStream().ReadAsync(new byte[1], cancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A killed process resets the connection instead of closing it.
        }
    }
}

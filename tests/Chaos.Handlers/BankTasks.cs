using System.Net.Sockets;

namespace FaultTolerance.Chaos.Handlers;

/// <summary>Handlers whose effects lie outside of the cluster, in a bank that is told the fencing token with each.</summary>
public sealed class BankTasks
{
    /// <summary>Moves money in two steps that are not one. It has no token to be stopped by: whoever is cut off goes on, and is refused by the bank once it was replaced.</summary>
    [TaskHandler("bank.transfer")]
    public async Task<int> Transfer(string bank, int from, int to, int amount, TaskContext context)
    {
        // A socket that has a path is reached whatever the network does.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(bank));
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        foreach (var request in (string[])[$"open {context.TaskId} {context.FencingToken} {context.Node}", $"move {from} {-amount}", $"move {to} {amount}"])
        {
            await writer.WriteLineAsync(request);
            if (await reader.ReadLineAsync() != "done")
            {
                throw new InvalidOperationException($"The bank refused: {request}.");
            }
        }

        return context.Attempt;
    }
}

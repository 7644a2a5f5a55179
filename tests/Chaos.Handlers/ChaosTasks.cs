using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Chaos.Handlers;

/// <summary>The handlers that silo processes run while they are killed and paused.</summary>
public sealed class ChaosTasks
{
    [TaskHandler("chaos.add")]
    public int Add(int a, int b) => a + b;

    [TaskHandler("chaos.sum")]
    public int Sum(int[] values) => values.Sum();

    /// <summary>Calls at a gate, says who it is, and waits until it is let through.</summary>
    [TaskHandler("chaos.visit")]
    public async Task<int> Visit(int port, TaskContext context, CancellationToken cancellationToken)
    {
        using var gate = new TcpClient();
        await gate.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = gate.GetStream();
        var name = System.Text.Encoding.UTF8.GetBytes($"{context.TaskId} {context.Attempt} {context.Node}\n");
        await stream.WriteAsync(name, cancellationToken);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return context.Attempt;
    }

    /// <summary>Kills the process that it runs in, on every attempt before the given one.</summary>
    [TaskHandler("chaos.crash-until")]
    public int CrashUntil(int attempt, TaskContext context)
    {
        if (context.Attempt < attempt)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }

        return context.Attempt;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaultTolerance.Bench.Handlers;

/// <summary>The work that is measured: none, so that only a task's way costs anything.</summary>
public sealed class BenchTasks
{
    /// <summary>Gives the number back, so that each result can be checked.</summary>
    [TaskHandler("bench.echo")]
    public int Echo(int number) => number;

    /// <summary>Fails, and the next time does not.</summary>
    [TaskHandler("bench.fail-once")]
    public int FailOnce(TaskContext context) =>
        context.Attempt == 1 ? throw new InvalidOperationException("It is to be tried again.") : context.Attempt;

    /// <summary>Calls at a gate, says who it is, and waits until it is let through.</summary>
    [TaskHandler("bench.visit")]
    public async Task<int> Visit(int port, TaskContext context, CancellationToken cancellationToken)
    {
        using var gate = new TcpClient();
        await gate.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = gate.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{context.TaskId} {context.Attempt} {context.Node}\n"), cancellationToken);
        await stream.ReadExactlyAsync(new byte[1], cancellationToken);
        return context.Attempt;
    }
}

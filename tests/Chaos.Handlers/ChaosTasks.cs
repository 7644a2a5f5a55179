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
    public Task<int> Visit(int port, TaskContext context, CancellationToken cancellationToken) => VisitAsync(port, context, cancellationToken);

    /// <summary>Visits a gate step by step, saves how many steps are done, and continues there in the next attempt.</summary>
    /// <returns>How many steps were left to the attempt that ended.</returns>
    [TaskHandler("chaos.steps")]
    public async Task<int> Steps(int steps, int port, TaskContext context, CancellationToken cancellationToken)
    {
        context.TryGetProgress<int>(out var before);
        for (var done = before; done < steps; done++)
        {
            await Visit(port, context, cancellationToken);
            await context.SaveProgressAsync(done + 1, cancellationToken);
        }

        return steps - before;
    }

    /// <summary>Calls at a gate, and waits there also when it is told to stop.</summary>
    [TaskHandler("chaos.visit-stubbornly")]
    public Task<int> VisitStubbornly(int port, TaskContext context) => Visit(port, context, CancellationToken.None);

    /// <summary>Fails on one node and nowhere else, and returns the name of the node that it runs on.</summary>
    [TaskHandler("chaos.fail-on")]
    public string FailOn(string node, TaskContext context) =>
        context.Node == node ? throw new InvalidOperationException($"Nothing works on {node}.") : context.Node;

    /// <summary>Adds, and where a port is given calls at a gate first.</summary>
    [TaskHandler("chaos.add-at-gate")]
    public async Task<int> AddAtGate(int a, int b, int port, TaskContext context, CancellationToken cancellationToken)
    {
        if (port != 0)
        {
            await Visit(port, context, cancellationToken);
        }

        return a + b;
    }

    /// <summary>Has a child visit a gate, and waits for it.</summary>
    [TaskHandler("chaos.parent")]
    public async Task<int> Parent(int port, TaskContext context, CancellationToken cancellationToken) =>
        await context.Client.GetAsync(
            await context.Client.SubmitAsync((ChaosTasks t) => t.Visit(port, default!, default), cancellationToken: cancellationToken),
            cancellationToken: cancellationToken);

    /// <summary>Fails on every attempt before the given one.</summary>
    [TaskHandler("chaos.fail-until")]
    public int FailUntil(int attempt, TaskContext context) =>
        context.Attempt < attempt ? throw new InvalidOperationException("Not yet.") : context.Attempt;

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

    /// <summary>Calls at a gate, says who it is, and waits until it is let through.</summary>
    /// <returns>The attempt's number.</returns>
    internal static async Task<int> VisitAsync(int port, TaskContext context, CancellationToken cancellationToken)
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
}

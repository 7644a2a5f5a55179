using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Where the handler "chaos.visit" calls: shows which attempt runs on which node, and holds it until it is let through.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Gate() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waits for the next attempt to call.</summary>
    public async Task<Visitor> NextAsync(CancellationToken cancellationToken)
    {
        var client = await _listener.AcceptTcpClientAsync(cancellationToken);
        var reader = new StreamReader(client.GetStream());
        var name = (await reader.ReadLineAsync(cancellationToken))!.Split(' ');
        return new Visitor(client, TaskId.Parse(name[0]), int.Parse(name[1], System.Globalization.CultureInfo.InvariantCulture), name[2]);
    }

    public void Dispose() => _listener.Dispose();
}

using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>Where the handler "bench.visit" calls: shows which attempt runs on which node since when, and holds it until it is let through.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<Visitor> _visitors = Channel.CreateUnbounded<Visitor>();
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _timeProvider;
    private readonly Task _accepting;

    public Gate(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _listener.Start(backlog: 1_000);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waits for the next attempt to call.</summary>
    public ValueTask<Visitor> NextAsync(CancellationToken cancellationToken) => _visitors.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
                var at = _timeProvider.GetUtcNow();
                if (await Visitor.MeetAsync(connection, at, _stop.Token) is { } visitor)
                {
                    _visitors.Writer.TryWrite(visitor);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _visitors.Writer.Complete();
        }
    }
}

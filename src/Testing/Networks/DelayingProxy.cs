using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FaultTolerance.Testing.Networks;

/// <summary>Takes connections for another endpoint and hands every byte on, in both directions, a fixed time after it came: a long way, as TCP sees one.</summary>
public sealed class DelayingProxy : IAsyncDisposable
{
    /// <summary>How much may be on the way in one direction of one connection, in pieces of at most <see cref="PieceLength"/>; the sender waits for room.</summary>
    private const int MaxPieces = 256;
    private const int PieceLength = 16 * 1024;

    private readonly IPEndPoint _target;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _timeProvider;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;
    private long _bytesCarried;

    private DelayingProxy(IPAddress address, IPEndPoint target, TimeSpan delay, TimeProvider timeProvider)
    {
        (_target, _delay, _timeProvider) = (target, delay, timeProvider);
        _listener = new TcpListener(address, 0);
        _listener.Start();
        Endpoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    /// <summary>Gets where it takes connections.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Gets how many bytes it has handed on, in both directions.</summary>
    public long BytesCarried => Interlocked.Read(ref _bytesCarried);

    /// <summary>Starts one on a free port.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="target">Where it connects to.</param>
    /// <param name="delay">By how much each direction takes longer.</param>
    /// <param name="timeProvider">The clock.</param>
    public static DelayingProxy Start(IPAddress address, IPEndPoint target, TimeSpan delay, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(timeProvider);
        return new DelayingProxy(address, target, delay, timeProvider);
    }

    /// <summary>Breaks all connections and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(Connections());
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                Follow(ServeAsync(await _listener.AcceptSocketAsync(_end.Token)));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                continue; // it hung up at once, or this is the end
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        using var near = client;
        using var far = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        (near.NoDelay, far.NoDelay) = (true, true);
        try
        {
            await far.ConnectAsync(_target, broken.Token);
            await Task.WhenAll(CarryAsync(near, far, broken), CarryAsync(far, near, broken));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            near.Close(0); // one side broke: the other is told by a reset
        }
    }

    private async Task CarryAsync(Socket from, Socket to, CancellationTokenSource broken)
    {
        var way = Channel.CreateBounded<(long Due, byte[] Piece)>(MaxPieces);
        try
        {
            await Task.WhenAll(TakeAsync(from, way.Writer, broken.Token), HandOnAsync(way.Reader, to, broken.Token));
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
    }

    private async Task TakeAsync(Socket from, ChannelWriter<(long Due, byte[] Piece)> way, CancellationToken cancellationToken)
    {
        var buffer = new byte[PieceLength];
        int length;
        do
        {
            length = await from.ReceiveAsync(buffer, cancellationToken);
            var due = _timeProvider.GetTimestamp() + (long)(_delay.TotalSeconds * _timeProvider.TimestampFrequency);
            await way.WriteAsync((due, buffer[..length]), cancellationToken); // an empty piece is the end
        }
        while (length > 0);
        way.Complete();
    }

    private async Task HandOnAsync(ChannelReader<(long Due, byte[] Piece)> way, Socket to, CancellationToken cancellationToken)
    {
        await foreach (var (due, piece) in way.ReadAllAsync(cancellationToken))
        {
            var rest = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), due);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, _timeProvider, cancellationToken);
            }

            if (piece.Length == 0)
            {
                to.Shutdown(SocketShutdown.Send);
            }

            for (var sent = 0; sent < piece.Length;)
            {
                sent += await to.SendAsync(piece.AsMemory(sent), cancellationToken);
            }

            Interlocked.Add(ref _bytesCarried, piece.Length);
        }
    }

    private void Follow(Task connection)
    {
        lock (_lock)
        {
            _connections.RemoveWhere(known => known.IsCompleted);
            _connections.Add(connection);
        }
    }

    private List<Task> Connections()
    {
        lock (_lock)
        {
            return [.. _connections];
        }
    }
}

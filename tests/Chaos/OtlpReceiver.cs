using System.Net;
using System.Text;
using System.Threading.Channels;

namespace FaultTolerance.Chaos.Tests;

/// <summary>A collector: takes what OpenTelemetry sends over HTTP, and finds out whether certain things are in it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<(string Path, byte[] Body)> _received = Channel.CreateUnbounded<(string, byte[])>();
    private readonly List<(string Path, byte[] Body)> _bodies = [];
    private readonly Task _receiving;

    /// <param name="port">A port that nobody listens on.</param>
    public OtlpReceiver(int port)
    {
        Endpoint = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add($"{Endpoint}/");
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    public string Endpoint { get; }

    /// <summary>Waits until one message to a path holds all of some byte sequences: protocol buffers keep texts and ids as they are.</summary>
    public async Task UntilAsync(string path, IReadOnlyList<byte[]> parts, CancellationToken cancellationToken)
    {
        bool IsMeant((string Path, byte[] Body) message) => message.Path == path && parts.All(part => message.Body.AsSpan().IndexOf(part) >= 0);

        while (!_bodies.Any(IsMeant))
        {
            _bodies.Add(await _received.Reader.ReadAsync(cancellationToken));
        }
    }

    /// <summary>Waits until one message to a path holds all of some texts.</summary>
    public Task UntilAsync(string path, string[] parts, CancellationToken cancellationToken) =>
        UntilAsync(path, [.. parts.Select(Encoding.UTF8.GetBytes)], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        while (await NextAsync() is { } context)
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            _received.Writer.TryWrite((context.Request.Url!.AbsolutePath, body.ToArray()));
            context.Response.Close();
        }
    }

    private async Task<HttpListenerContext?> NextAsync()
    {
        try
        {
            return await _listener.GetContextAsync();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            return null; // the listener was closed
        }
    }
}

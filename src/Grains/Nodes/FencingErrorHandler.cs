using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Nodes;

/// <summary>What happens when Orleans finds that this silo must not go on, for instance because it was declared dead.</summary>
/// <remarks>
/// Orleans' own handler waits two seconds, user code running on, and then fails fast. This one fences the node first: its
/// attempts are void from that moment. It is resolved by the very services that the node needs, so it looks for the node late.
/// </remarks>
internal sealed partial class FencingErrorHandler(IServiceProvider services, IProcessEnd end, ILogger<FencingErrorHandler> logger) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogFatal(exception, sender?.ToString(), context);
        try
        {
            services.GetService<NodeAgent>()?.Fence();
        }
        catch (Exception error)
        {
            // A silo that is half built or half disposed of. Its process ends all the same, and takes everything with it.
            LogNotFenced(error);
        }

        end.End(context ?? exception?.Message ?? "Orleans reported a fatal error.");
    }

    [LoggerMessage(EventIds.FatalError, LogLevel.Critical, "Orleans ends this silo. Told by {Sender}: {Context}")]
    private partial void LogFatal(Exception? exception, string? sender, string? context);

    [LoggerMessage(EventIds.NotFenced, LogLevel.Error, "The node could not be fenced; only the end of the process stops what it runs.")]
    private partial void LogNotFenced(Exception exception);
}

using System.Diagnostics;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Nodes;

/// <inheritdoc/>
internal sealed partial class ProcessEnd(ILogger<ProcessEnd> logger) : IProcessEnd
{
    /// <summary>The exit code of a silo whose life as a node has ended under it: it is to be started again (EX_TEMPFAIL of sysexits.h).</summary>
    public const int ExitCode = 75;

    private static readonly TimeSpan ForLogs = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ForExit = TimeSpan.FromSeconds(1);

    private int _isEnding;

    public void End(string reason)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) != 0)
        {
            return;
        }

        LogEnding(reason);

        // Threads of their own: the pool may be the very thing that hangs. An exit in order runs what others registered for
        // it, which may hang too; so it gets its time and no more.
        var exit = new Thread(() =>
        {
            using var never = new ManualResetEvent(false);
            never.WaitOne(ForLogs);
            Environment.Exit(ExitCode);
        })
        { IsBackground = true, Name = "process exit" };
        var kill = new Thread(() =>
        {
            exit.Join(ForLogs + ForExit);
            using var self = Process.GetCurrentProcess();
            self.Kill();
        })
        { IsBackground = true, Name = "process kill" };
        exit.Start();
        kill.Start();
    }

    [LoggerMessage(EventIds.ProcessEnding, LogLevel.Error, "The process ends: {Reason}")]
    private partial void LogEnding(string reason);
}

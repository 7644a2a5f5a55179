using Microsoft.Extensions.Logging;

namespace FaultTolerance;

/// <summary>Everything that the client logs: 1300-1319 the client itself, 1320-1339 submits, 1340-1359 outcomes.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1300, LogLevel.Debug, "Work in the background was stopped with the client.")]
    public static partial void WorkStopped(ILogger logger);

    [LoggerMessage(1301, LogLevel.Error, "Work in the background failed.")]
    public static partial void WorkFailed(ILogger logger, Exception exception);

    [LoggerMessage(1302, LogLevel.Warning, "{What} was not answered and is repeated after {PauseMilliseconds} ms: {Error}")]
    public static partial void CallRepeated(ILogger logger, string what, double pauseMilliseconds, string error);

    [LoggerMessage(1303, LogLevel.Warning, "Failures could not be read now; the reader goes on when the cluster answers: {Error}")]
    public static partial void FailuresNotRead(ILogger logger, string error);

    [LoggerMessage(1320, LogLevel.Warning, "{Count} submits were not accepted and are repeated after {PauseMilliseconds} ms: {Error}")]
    public static partial void SubmitRepeated(ILogger logger, int count, double pauseMilliseconds, string error);

    [LoggerMessage(1321, LogLevel.Error, "{Count} submits failed.")]
    public static partial void SubmitsFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(1322, LogLevel.Error, "The journal failed to take {Count} acknowledged ids.")]
    public static partial void JournalFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(1340, LogLevel.Warning, "Session {SessionId} was not renewed: {Error}")]
    public static partial void ListenFailed(ILogger logger, SessionId sessionId, string error);

    [LoggerMessage(1341, LogLevel.Information, "Session {SessionId} listened again after a gap; {Count} tasks that are waited for were asked for.")]
    public static partial void ListensAgain(ILogger logger, SessionId sessionId, int count);

    [LoggerMessage(1342, LogLevel.Debug, "Session {SessionId} fell silent, for nothing was submitted or waited for.")]
    public static partial void SessionRested(ILogger logger, SessionId sessionId);

    [LoggerMessage(1343, LogLevel.Debug, "Session {SessionId} could not take its listener back: {Error}")]
    public static partial void ListenerKept(ILogger logger, SessionId sessionId, string error);

    [LoggerMessage(1344, LogLevel.Debug, "{Count} tasks were asked for, {Answered} had ended.")]
    public static partial void OutcomesAsked(ILogger logger, int count, int answered);

    [LoggerMessage(1345, LogLevel.Warning, "{Count} tasks were asked for without an answer; the question is repeated after {PauseMilliseconds} ms: {Error}")]
    public static partial void AskFailed(ILogger logger, int count, double pauseMilliseconds, string error);
}

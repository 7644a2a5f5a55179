using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Execution;

internal sealed partial class AttemptExecutor
{
    [LoggerMessage(EventIds.AttemptStopped, LogLevel.Information, "Task {TaskId}, attempt {Attempt}: asked the handler to stop ({Reason}).")]
    private partial void LogStopped(TaskId taskId, int attempt, StopReason reason);

    [LoggerMessage(EventIds.AttemptGivenUp, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: the handler ignored its token for {Grace} and was given up on. It keeps its slot until it ends.")]
    private partial void LogGivenUp(TaskId taskId, int attempt, TimeSpan grace);

    [LoggerMessage(EventIds.AttemptEndedAtLast, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: the handler that was given up on has ended.")]
    private partial void LogEndedAtLast(TaskId taskId, int attempt);

    [LoggerMessage(EventIds.HandlerNotDisposed, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: disposing of handler {Handler} or of its services failed. The attempt's outcome stands.")]
    private partial void LogNotDisposed(Exception exception, TaskId taskId, int attempt, string handler);

    [LoggerMessage(EventIds.ProgressRefused, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: its progress was not saved ({Verdict}): {Reason}")]
    private partial void LogProgressRefused(TaskId taskId, int attempt, ProgressVerdict verdict, string? reason);
}

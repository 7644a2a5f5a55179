using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Scheduling;

internal sealed partial class TaskPipelineDriver
{
    [LoggerMessage(EventIds.PipelineStopped, LogLevel.Critical, "The node's task pipeline has stopped because of a defect. The node renews its lease no more; when it has ended, the process ends.")]
    private partial void LogPipelineStopped(Exception exception);

    [LoggerMessage(EventIds.RaceLost, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: the outcome {Phase} came too late and changed nothing.")]
    private partial void LogRaceLost(TaskId taskId, int attempt, TaskPhase phase);
}

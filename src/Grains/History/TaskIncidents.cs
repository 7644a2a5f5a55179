using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>Tells of attempts on this node that ran past a limit in time: each by an event and a metric, and so many a minute as incidents.</summary>
/// <remarks>The attempt does not wait for its incident, and the incident may be lost with the node: what became of the attempt stands in its task.</remarks>
internal sealed partial class TaskIncidents(
    IDurableStore store,
    IncidentLog incidents,
    IncidentInstruments instruments,
    LocalNode node,
    IClusterEvents events,
    MonotonicClock clock,
    IOptions<AttemptExecutionOptions> options,
    ILogger<TaskIncidents> logger)
{
    private readonly IncidentRate _rate = new(options.Value.MaxIncidentsPerMinute);

    /// <summary>An attempt ran past its attempt timeout, and its handler has ended since.</summary>
    public void OnTimeout(TaskState task, DateTimeOffset startedAt, TimeSpan limit) =>
        Tell(task, FailureKind.Timeout, startedAt, store.Now - startedAt, limit);

    /// <summary>A handler gave no sign of life for longer than its heartbeat timeout, and has ended since.</summary>
    public void OnSilence(TaskState task, DateTimeOffset startedAt, TimeSpan silence, TimeSpan limit) =>
        Tell(task, FailureKind.HeartbeatTimeout, startedAt, silence, limit);

    /// <summary>A handler was told to stop, and was given up on when its grace was over.</summary>
    public void OnHung(TaskState task, DateTimeOffset startedAt, TimeSpan limit) =>
        Tell(task, FailureKind.Hung, startedAt, store.Now - startedAt, limit);

    private void Tell(TaskState task, FailureKind kind, DateTimeOffset startedAt, TimeSpan elapsed, TimeSpan limit)
    {
        instruments.OnAttemptOverdue(kind);
        LogOverdue(task.Id, task.Attempt, kind, elapsed, limit);
        var isRecorded = _rate.TryTake(clock.Now, out var omitted);
        var incident = new IncidentSnapshot
        {
            Key = $"task/{task.Id}/{task.Attempt}",
            Entity = FailedEntity.Task,
            Kind = kind,
            Task = task.Id,
            Attempt = task.Attempt,
            Node = node.Name,
            Incarnation = node.Incarnation,
            At = store.Now,
            BeganAt = startedAt,
            Elapsed = elapsed,
            Limit = limit,
            Evidence = Describe(task, kind, elapsed, limit, omitted),
        };
        events.OnAttemptOverdue(incident);
        if (isRecorded)
        {
            RecordAsync(incident).Ignore();
        }
    }

    private static string Describe(TaskState task, FailureKind kind, TimeSpan elapsed, TimeSpan limit, long omitted)
    {
        var what = kind switch
        {
            FailureKind.Hung => $"{task.Spec.HandlerKey} ran for {elapsed.TotalSeconds:F1} s and ignored its token for {limit.TotalSeconds:F1} s; it keeps its slot until it ends.",
            FailureKind.HeartbeatTimeout => $"{task.Spec.HandlerKey} gave no sign of life for {elapsed.TotalSeconds:F1} s; its limit is {limit.TotalSeconds:F1} s.",
            _ => $"{task.Spec.HandlerKey} ran for {elapsed.TotalSeconds:F1} s; its limit is {limit.TotalSeconds:F1} s.",
        };
        return omitted == 0 ? what : $"{what} Of this node {omitted} more before it were left out (Attempts:MaxIncidentsPerMinute).";
    }

    private async Task RecordAsync(IncidentSnapshot incident)
    {
        try
        {
            if (await incidents.AddAsync(incident, CancellationToken.None) is { } added)
            {
                events.OnIncident(added);
            }
        }
        catch (Exception exception)
        {
            LogNotRecorded(exception, incident.Key);
        }
    }

    [LoggerMessage(EventIds.AttemptOverdue, LogLevel.Warning, "Task {TaskId}, attempt {Attempt}: it ran past a limit ({Kind}), for {Elapsed} where {Limit} were allowed.")]
    private partial void LogOverdue(TaskId taskId, int attempt, FailureKind kind, TimeSpan elapsed, TimeSpan limit);

    [LoggerMessage(EventIds.IncidentNotRecorded, LogLevel.Warning, "Incident {Incident} could not be recorded, and is not.")]
    private partial void LogNotRecorded(Exception exception, string incident);
}

using System.Diagnostics.Metrics;

namespace FaultTolerance.Grains.Telemetry;

/// <summary>The metrics of failures and of what is done about them. Tags come from enums, never from ids.</summary>
internal sealed class IncidentInstruments
{
    private readonly Counter<long> _recorded;
    private readonly Histogram<double> _recovery;
    private readonly Counter<long> _overdue;
    private readonly Counter<long> _attemptsOverdue;
    private readonly Counter<long> _handlerFailures;
    private readonly Counter<long> _actorFailures;
    private readonly UpDownCounter<long> _actorsWatched;

    public IncidentInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(DiagnosticNames.Source);
        _recorded = meter.CreateCounter<long>("faulttolerance.incidents", "{incident}", "Failures that this node recorded, by what failed and how.");
        _attemptsOverdue = meter.CreateCounter<long>("faulttolerance.attempt.overdue", "{attempt}", "Attempts on this node that ran past a limit in time, by kind.");
        _overdue = meter.CreateCounter<long>("faulttolerance.recovery.overdue", "{recovery}", "Recoveries that this node found to take longer than they may.");
        _handlerFailures = meter.CreateCounter<long>("faulttolerance.failurehandler.failures", "{call}", "Calls of failure handlers that threw or took too long.");
        _actorFailures = meter.CreateCounter<long>("faulttolerance.actor.failures", "{failure}", "Actors of this node that were silent for too long, by kind, each time anew.");
        _actorsWatched = meter.CreateUpDownCounter<long>("faulttolerance.actor.watched", "{actor}", "Actors that this node watches.");
        _recovery = meter.CreateHistogram<double>("faulttolerance.recovery.duration", "s", "From the record of a node's death to its work being recovered.");
    }

    public void OnRecorded(IncidentSnapshot incident) =>
        _recorded.Add(1, new KeyValuePair<string, object?>("entity", NameOf(incident.Entity)), new("kind", incident.Kind.ToString()));

    public void OnAttemptOverdue(FailureKind kind) => _attemptsOverdue.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    public void OnOverdue() => _overdue.Add(1);

    public void OnHandlerFailed() => _handlerFailures.Add(1);

    public void OnActorFailed(FailureKind kind) => _actorFailures.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    public void OnActorsWatched(int more) => _actorsWatched.Add(more);

    public void OnRecovered(TimeSpan duration) => _recovery.Record(duration.TotalSeconds);

    private static string NameOf(FailedEntity entity) => entity switch
    {
        FailedEntity.Node => "node",
        FailedEntity.Task => "task",
        FailedEntity.Actor => "actor",
        FailedEntity.Object => "object",
        FailedEntity.Storage => "storage",
        _ => "unknown",
    };
}

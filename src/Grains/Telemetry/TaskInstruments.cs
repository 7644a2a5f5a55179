using System.Diagnostics;
using System.Diagnostics.Metrics;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Telemetry;

/// <summary>The metrics and traces of tasks. Tags come from enums, never from ids.</summary>
internal sealed class TaskInstruments
{
    private static readonly ActivitySource Source = new(DiagnosticNames.Source);

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _lateOutcomes;
    private readonly Counter<long> _progressSaves;
    private readonly Histogram<double> _duration;

    public TaskInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(DiagnosticNames.Source);
        _accepted = meter.CreateCounter<long>("faulttolerance.task.accepted", "{task}", "Tasks whose acceptance is durable.");
        _refused = meter.CreateCounter<long>("faulttolerance.task.refused", "{batch}", "Batches of calls that were told to come back.");
        _started = meter.CreateCounter<long>("faulttolerance.attempt.started", "{attempt}", "Attempts whose handler was called.");
        _ended = meter.CreateCounter<long>("faulttolerance.task.ended", "{task}", "Tasks whose end was committed by this node, by phase.");
        _retries = meter.CreateCounter<long>("faulttolerance.task.retries", "{retry}", "Retries that this node decided, by cause.");
        _lateOutcomes = meter.CreateCounter<long>("faulttolerance.attempt.late", "{attempt}", "Outcomes that came too late and changed nothing.");
        _progressSaves = meter.CreateCounter<long>("faulttolerance.progress.saves", "{save}", "Writes of tasks' progress that this node has committed.");
        _duration = meter.CreateHistogram<double>("faulttolerance.task.duration", "s", "From the acceptance of a task to its committed end, by phase.");
    }

    public void OnAccepted(int count) => _accepted.Add(count);

    public void OnRefused() => _refused.Add(1);

    public void OnAttemptStarted() => _started.Add(1);

    public void OnTaskEnded(TaskState task)
    {
        var phase = new KeyValuePair<string, object?>("phase", PhaseName(task.Phase));
        _ended.Add(1, phase);
        if (task.Finished is { } finished)
        {
            _duration.Record((finished - task.Created).TotalSeconds, phase);
        }
    }

    /// <summary>Counts a retry by its cause. A task that is queued again because its attempt had not started is no retry.</summary>
    public void OnTaskRequeued(TaskState task)
    {
        if (task.Life.Attempts is [.., { Failure: { } cause }])
        {
            _retries.Add(1, new KeyValuePair<string, object?>("cause", cause.Kind.ToString()));
        }
    }

    public void OnProgressSaved() => _progressSaves.Add(1);

    public void OnOutcomeLate() => _lateOutcomes.Add(1);

    /// <summary>Starts the span of an attempt, below the span that submitted the task.</summary>
    public static Activity? StartAttempt(TaskState task)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(task.Spec.TraceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity("faulttolerance.attempt", ActivityKind.Consumer, parent);
        activity?.SetTag("faulttolerance.task.id", task.Id.ToString());
        activity?.SetTag("faulttolerance.task.handler", task.Spec.HandlerKey);
        activity?.SetTag("faulttolerance.task.attempt", task.Attempt);
        return activity;
    }

    /// <summary>Says in the span of an attempt why it failed. The span then ends with its owner.</summary>
    public static void EndAttempt(Activity? activity, AttemptEvent end)
    {
        if (activity is null || end is not AttemptFailed { Failure: var failure })
        {
            return;
        }

        activity.SetTag("error.type", failure.Kind.ToString());
        activity.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    private static string PhaseName(TaskPhase phase) => phase switch
    {
        TaskPhase.Succeeded => "succeeded",
        TaskPhase.Failed => "failed",
        TaskPhase.Cancelled => "cancelled",
        _ => "other",
    };
}

namespace FaultTolerance.Submits;

/// <summary>What a caller is told when a submit has failed, and what to do.</summary>
internal static class SubmitFailures
{
    public static SubmitRejectedException Rejected(Submit submit, SubmitRejection reason, string? message) => new(
        reason, message ?? $"The call of {submit.Call.Header.Handler} was rejected: {reason}.")
    {
        TaskId = submit.Call.Id,
        IsRetryable = reason == SubmitRejection.Busy,
    };

    public static SubmitRejectedException Busy(Submit submit, TimeSpan limit) => Rejected(
        submit,
        SubmitRejection.Busy,
        $"The call of {submit.Call.Header.Handler} as task {submit.Call.Id} was not accepted within {limit.TotalSeconds:0.###} s, " +
        "because the cluster is busy. Nothing was enqueued. Submit less at a time, or try again later.");

    public static SubmitRejectedException QueueFull(Submit submit, int limit) => Rejected(
        submit,
        SubmitRejection.Busy,
        $"The call of {submit.Call.Header.Handler} was not accepted, because {limit.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} " +
        "submits of this client already wait to be sent. Nothing was enqueued. Await submits before making more, use SubmitManyAsync, " +
        "or raise FaultToleranceClientOptions.MaxPendingSubmits.");

    public static SubmitTimeoutException Unanswered(Submit submit, TimeSpan limit, Exception? last) => new(
        new[] { submit.Call.Id },
        $"The submit of {submit.Call.Header.Handler} as task {submit.Call.Id} was not answered within {limit.TotalSeconds:0.###} s, " +
        $"so it is unknown whether it was accepted.{Last(last)} Submit it again under the same id, or ask for the task's snapshot.",
        last);

    public static SubmitTimeoutException Unanswered(IReadOnlyList<TaskId> ids, TimeSpan limit, Exception? last) => new(
        ids,
        $"The submit of {ids.Count} calls of a batch was not answered within {limit.TotalSeconds:0.###} s, " +
        $"so it is unknown whether they were accepted.{Last(last)} Ask for the tasks' snapshots; those that are unknown were not.",
        last);

    public static PartialSubmitException Partial(IReadOnlyDictionary<int, TaskId> accepted, IReadOnlyDictionary<int, TaskId> unknown, Exception cause) => new(
        accepted,
        unknown,
        $"{accepted.Count} of the calls that were submitted at once were accepted and go on (Accepted), of {unknown.Count} it is unknown (Unknown), and no others were enqueued. " +
        $"Submit the others without these, or cancel these. The first failure was: {cause.Message}",
        cause);

    public static ObjectDisposedException Stopped(Submit submit) => new(
        nameof(IFaultToleranceClient),
        $"The client was stopped while it submitted task {submit.Call.Id}; whether the call was accepted is unknown.");

    private static string Last(Exception? last) => last is null ? "" : $" The last error was: {last.Message}";
}

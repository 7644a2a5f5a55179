namespace FaultTolerance.Submits;

/// <summary>What the caller of a submit of many is told when it failed: which calls were accepted all the same.</summary>
internal static class ManyFailure
{
    /// <summary>Returns the failure to throw: the cause itself where nothing was accepted.</summary>
    /// <param name="cause">The first failure, of a call or of making one.</param>
    /// <param name="accepted">The ids of the first items, all accepted.</param>
    /// <param name="sent">The calls of the items after them that were sent; each is settled.</param>
    /// <param name="limit">How long answers were waited for.</param>
    public static Exception Of(Exception cause, IReadOnlyList<TaskId> accepted, IReadOnlyList<Submit> sent, TimeSpan limit)
    {
        var taken = accepted.Index().ToDictionary(one => one.Index, one => one.Item);
        var unknown = new Dictionary<int, TaskId>();
        foreach (var (index, submit) in sent.Index())
        {
            if (submit.Failure is null)
            {
                taken.Add(accepted.Count + index, submit.AcceptedAs);
            }
            else if (submit.Failure is not SubmitRejectedException)
            {
                unknown.Add(accepted.Count + index, submit.Call.Id);
            }
        }

        return (taken.Count, unknown.Count, cause) switch
        {
            (0, 0, _) => cause,
            (0, _, SubmitTimeoutException timeout) => SubmitFailures.Unanswered([.. unknown.Values], limit, timeout.InnerException),
            (0, _, ObjectDisposedException) => cause,
            _ => SubmitFailures.Partial(taken, unknown, cause),
        };
    }
}

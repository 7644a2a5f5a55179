using Orleans.Concurrency;

namespace FaultTolerance.Gateways;

/// <summary>The door through which clients submit calls and ask for outcomes. The key only spreads calls over silos.</summary>
/// <remarks>
/// Every call may be repeated: a submit under the same ids changes nothing. A call that is not answered within
/// three seconds has an unknown outcome and is to be repeated with another key.
/// </remarks>
[Alias("ft.ITaskGatewayGrain")]
public interface ITaskGatewayGrain : IGrainWithIntegerKey
{
    /// <summary>Accepts calls; on return each accepted one is durable.</summary>
    /// <param name="calls">At most 500 calls.</param>
    /// <returns>One reply for each call, in order.</returns>
    [Alias("Submit"), ResponseTimeout("00:00:03")]
    Task<IReadOnlyList<SubmitReply>> SubmitAsync(Immutable<IReadOnlyList<TaskCall>> calls);

    /// <summary>Returns the outcomes of those tasks that have ended or are unknown; those that have not are missing in the answer.</summary>
    /// <remarks>An answer has about 4 MiB at the most. Tasks for which it has no room are told as left out: ask for those again.</remarks>
    /// <param name="ids">At most 2,000 ids.</param>
    [Alias("GetOutcomes"), ResponseTimeout("00:00:03")]
    Task<IReadOnlyList<TaskOutcome>> GetOutcomesAsync(IReadOnlyList<TaskId> ids);

    /// <summary>Returns a task's outcome with its result however large; null when the task has not ended.</summary>
    [Alias("GetResult"), ResponseTimeout("00:00:10")]
    Task<TaskOutcome?> GetResultAsync(TaskId id);
}

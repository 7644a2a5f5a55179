namespace FaultTolerance;

/// <summary>The address of one task; the grain's key is the task's id.</summary>
/// <remarks>
/// The grain keeps nothing in memory: each call reads the task's row, and each intervention is one conditional write to it.
/// A task that was never accepted, or whose retention has ended, is <see langword="null"/> in every answer.
/// </remarks>
[Alias("ft.ITaskGrain")]
public interface ITaskGrain : IGrainWithGuidKey
{
    /// <summary>Returns the task as its row shows it now.</summary>
    [Alias("GetSnapshot"), ResponseTimeout("00:00:05")]
    Task<TaskSnapshot?> GetSnapshotAsync();

    /// <summary>Returns the task with every attempt.</summary>
    [Alias("GetHistory"), ResponseTimeout("00:00:05")]
    Task<TaskHistory?> GetHistoryAsync();

    /// <summary>Returns the task with what it depends on, what depends on it, and what it submitted.</summary>
    [Alias("GetLineage"), ResponseTimeout("00:00:05")]
    Task<TaskLineage?> GetLineageAsync();

    /// <summary>Cancels the task and its children that are not detached.</summary>
    /// <remarks>
    /// On return the cancellation is durable: a task that had not started never runs, the token of a running one fires soon
    /// after. A repeat, or a cancel of a final task, changes nothing and returns what the task ended as.
    /// </remarks>
    /// <param name="reason">What to record as the reason; cut to 1,000 characters.</param>
    [Alias("Cancel"), ResponseTimeout("00:00:05")]
    Task<TaskSnapshot?> CancelAsync(string? reason = null);
}

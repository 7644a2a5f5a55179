using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Recovery;

/// <summary>How the work of dead nodes is recovered, what is overdue is moved on, and what is old is purged.</summary>
public sealed class RecoveryOptions
{
    /// <summary>Gets or sets into how many shards recovery is divided; each is one grain.</summary>
    /// <value>The default is 4; must be between 1 and 64, and the same on every node: one that differs from a living one is not started.</value>
    /// <remarks>To change it stop all nodes of the cluster, and start them again once their leases have ended.</remarks>
    [Range(1, 64)]
    public int Shards { get; set; } = 4;

    /// <summary>Gets or sets how many attempts are recovered in one batch.</summary>
    /// <value>The default is 500; must be between 1 and 1,000.</value>
    [Range(1, 1_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>Gets or sets how many attempts each shard recovers in a second, all dead nodes together, after its first batch.</summary>
    /// <value>The default is 2,000; must be between 1 and 1,000,000.</value>
    /// <remarks>The cluster's bound is this times <see cref="Shards"/>. The first batch goes at once, the rest as the rate grants it. A higher rate ends a large recovery sooner and leaves less of the store to new work meanwhile.</remarks>
    [Range(1, 1_000_000)]
    public int AttemptsPerSecond { get; set; } = 2_000;

    /// <summary>Gets or sets from the record of a node's death to when its work should be recovered; a recovery that takes longer is flagged, with an alert.</summary>
    /// <value>The default is 300 seconds; must be between 1 second and 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RecoveryTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Gets or sets what becomes of a recovery that was flagged.</summary>
    /// <value>The default is <see cref="RecoveryFollowUp.KeepTrying"/>.</value>
    /// <remarks>With <see cref="RecoveryFollowUp.FailRemaining"/> callers get an answer, and what had not been tried again never is.</remarks>
    [EnumDataType(typeof(RecoveryFollowUp))]
    public RecoveryFollowUp FollowUp { get; set; } = RecoveryFollowUp.KeepTrying;

    /// <summary>Gets or sets from one search for attempts whose owner does not live to the next.</summary>
    /// <value>The default is 5 seconds; must be between 100 milliseconds and 1 hour.</value>
    /// <remarks>It finds what a node claimed after its death was recorded. The work of dead nodes themselves does not wait for it.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "01:00:00")]
    public TimeSpan OrphanSweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets from one walk over all tasks that have not ended to the next.</summary>
    /// <value>The default is 30 seconds; must be between 100 milliseconds and 1 day.</value>
    /// <remarks>It wakes dependents whose wake was lost, ends tasks that are past their deadline or pending timeout, and cancels children whose parent's cancellation did not reach them.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets from one step of purging to the next, unless there is more to purge.</summary>
    /// <value>The default is 30 seconds; must be between 100 milliseconds and 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "1.00:00:00")]
    public TimeSpan PurgeInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets from when to when a task that succeeded is kept, with its result.</summary>
    /// <value>The default is 24 hours; must be between 1 second and 10 years.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan SucceededRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Gets or sets from when to when a task that failed or was cancelled is kept.</summary>
    /// <value>The default is 7 days; must be between 1 second and 10 years.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan FailedRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets from when to when incidents and the lives of nodes that have ended are kept.</summary>
    /// <value>The default is 7 days; must be between 1 minute and 10 years, and at least twice <see cref="RecoveryTimeout"/>.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(7);
}

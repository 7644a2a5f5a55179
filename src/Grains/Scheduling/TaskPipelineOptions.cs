using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>How much one node takes on, and how it looks for work.</summary>
public sealed class TaskPipelineOptions
{
    /// <summary>Gets or sets how many attempts the node runs at a time.</summary>
    /// <value>The default is four for each processor; must be between 1 and 10,000.</value>
    /// <remarks>More slots suit handlers that wait for something, fewer those that compute.</remarks>
    [Range(1, 10_000)]
    public int Slots { get; set; } = Environment.ProcessorCount * 4;

    /// <summary>Gets or sets how many attempts the node claims beyond its free slots, as a multiple of its slots.</summary>
    /// <value>The default is 2; must be between 0 and 100.</value>
    /// <remarks>
    /// Prefetched attempts hide the store's latency from short tasks. They wait here while another node may be idle, so what has waited for a
    /// second is given back, and no more is claimed beyond free slots until attempts have become short again.
    /// </remarks>
    [Range(0, 100)]
    public int PrefetchFactor { get; set; } = 2;

    /// <summary>Gets or sets the work that the node claims beyond <see cref="PrefetchFactor"/>, as the time in which its slots get it done.</summary>
    /// <value>The default is 100 milliseconds; must be between 0 and 10 seconds. 500 attempts at the most are claimed for its sake.</value>
    /// <remarks>
    /// The pace is that of the attempts that ended of late, so it is for short ones alone that more are claimed. A larger value makes larger
    /// batches; what is claimed waits here that much longer while another node may be idle, and more attempts are charged if the node is killed.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan PrefetchTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets how many handlers that wait for other tasks may lend their slots at a time.</summary>
    /// <value>The default is 1,000; must be between 0 and 100,000.</value>
    /// <remarks>
    /// A handler lends its slot while it waits by <see cref="TaskContext.Client"/>, so that the tasks that it waits for can run on the same node.
    /// When it goes on it does so at once, beside what was started meanwhile: up to as many handlers as slots were lent may run beyond <see cref="Slots"/>.
    /// A larger value allows deeper nesting, and costs the memory of the handlers that wait.
    /// </remarks>
    [Range(0, 100_000)]
    public int MaxLentSlots { get; set; } = 1_000;

    /// <summary>Gets or sets from how long to how long the node waits before it looks at an empty queue again without a hint.</summary>
    /// <value>The default is 1 second; must be between 50 milliseconds and 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.0500000", "00:01:00")]
    public TimeSpan IdlePoll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets from one look at whether long attempts are still the node's to the next.</summary>
    /// <value>The default is 10 seconds; must be between 50 milliseconds and 10 minutes.</value>
    /// <remarks>
    /// A node is told at once when an attempt that it runs is void, for instance because its task was cancelled. If that word is lost, the
    /// handler is stopped within twice this time. Each look is one query, and there is none while no attempt runs for longer than this.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:00.0500000", "00:10:00")]
    public TimeSpan ReviewInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the most submitted tasks whose acceptance may be under way on this node; more are told to come back.</summary>
    /// <value>The default is 20,000; must be between 500 and 1,000,000.</value>
    [Range(500, 1_000_000)]
    public int MaxAccepting { get; set; } = 20_000;

    /// <summary>Gets or sets the most ended attempts whose outcome may wait for its commit; the node claims no more until there are fewer.</summary>
    /// <value>The default is 5,000; must be between 100 and 1,000,000.</value>
    [Range(100, 1_000_000)]
    public int MaxCommitting { get; set; } = 5_000;

    /// <summary>Gets or sets how long to wait before a step that the store failed is tried again.</summary>
    /// <value>The default is 500 milliseconds; must be between 10 milliseconds and 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "00:01:00")]
    public TimeSpan RepeatDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets the retry policy of tasks whose handler and call bring none.</summary>
    /// <value>The default is <see cref="TaskRetryPolicy"/> with its defaults.</value>
    [Required]
    public TaskRetryPolicy Retry { get; set; } = new();
}

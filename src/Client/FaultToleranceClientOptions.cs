using System.ComponentModel.DataAnnotations;

namespace FaultTolerance;

/// <summary>How a client submits, listens for outcomes and asks for them, and what it keeps.</summary>
public sealed class FaultToleranceClientOptions
{
    /// <summary>Gets or sets the most bytes that the arguments of one call may have together.</summary>
    /// <value>The default is 4,000,000; must be between 1,024 and 64,000,000.</value>
    /// <remarks>The silos have a limit of their own with the same default. The smaller one holds.</remarks>
    [Range(1_024, 64_000_000)]
    public int MaxPayload { get; set; } = 4_000_000;

    /// <summary>Gets or sets the most results that one argument may take.</summary>
    /// <value>The default is 10,000; must be between 1 and 100,000.</value>
    /// <remarks>The silos have a limit of their own with the same default, on all results that one call takes.</remarks>
    [Range(1, 100_000)]
    public int MaxFanIn { get; set; } = 10_000;

    /// <summary>Gets or sets the most calls that are sent in one message.</summary>
    /// <value>The default is 500; must be between 1 and 500.</value>
    /// <remarks>A larger batch costs less a call and makes each call wait longer.</remarks>
    [Range(1, 500)]
    public int MaxBatch { get; set; } = 500;

    /// <summary>Gets or sets the most bytes of arguments that are sent in one message; a larger call goes alone.</summary>
    /// <value>The default is 1,048,576 (1 MiB); must be between 4,096 and 16,777,216.</value>
    [Range(4 * 1024, 16 << 20)]
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>Gets or sets the most batches under way at once: of single submits together, and of each submit of many.</summary>
    /// <value>The default is 8; must be between 1 and 64.</value>
    /// <remarks>More under way keep a distant cluster busy; fewer make larger batches.</remarks>
    [Range(1, 64)]
    public int MaxBatchesUnderWay { get; set; } = 8;

    /// <summary>Gets or sets the most single submits that may wait to be sent; more are refused as busy.</summary>
    /// <value>The default is 100,000; must be between 100 and 10,000,000.</value>
    [Range(100, 10_000_000)]
    public int MaxPendingSubmits { get; set; } = 100_000;

    /// <summary>Gets or sets over how many gateway keys calls rotate.</summary>
    /// <value>The default is 16; must be between 1 and 1,024.</value>
    /// <remarks>Calls to one key stick to one silo: take a few times the number of silos, so that each gets its share.</remarks>
    [Range(1, 1_024)]
    public int GatewayKeys { get; set; } = 16;

    /// <summary>Gets or sets the time from sending a call to a silo to giving up on its answer and repeating it elsewhere.</summary>
    /// <value>The default is 3 seconds; must be between 100 milliseconds and 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets the time from a submit, or another request to the cluster, to giving up on repeating it.</summary>
    /// <value>The default is 30 seconds; must be between 1 second and 10 minutes, and no less than <see cref="CallTimeout"/>.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SubmitTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the time from one renewal of the session to the next.</summary>
    /// <value>The default is 5 seconds; must be between 500 milliseconds and 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")]
    public TimeSpan ListenInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the time from a renewal of the session to its end.</summary>
    /// <value>The default is 30 seconds; must be between 1 second and 10 minutes, and twice <see cref="ListenInterval"/> at least.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ListenPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the time from the first wait for a task without news of it to asking the store.</summary>
    /// <value>The default is 2 seconds; must be between 50 milliseconds and 1 minute.</value>
    /// <remarks>Outcomes are told without asking; one is missed only when a silo or a gateway dies. A smaller value asks in vain more often.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the longest time from asking for a task in vain to asking again.</summary>
    /// <value>The default is 5 seconds; must be between 50 milliseconds and 10 minutes, and no less than <see cref="Silence"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan MaxSilence { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the time from one look for new failures to the next, of each reader of <see cref="IFailureFeed"/>.</summary>
    /// <value>The default is 1 second; must be between 50 milliseconds and 1 minute.</value>
    /// <remarks>A look reads an index. A larger value spares the store and tells later.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan FailurePollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the most outcomes that are kept for a later question; the oldest go first and are asked for again.</summary>
    /// <value>The default is 100,000; must be between 0 and 10,000,000.</value>
    [Range(0, 10_000_000)]
    public int MaxKeptOutcomes { get; set; } = 100_000;

    /// <summary>Gets or sets the most bytes of outcomes that are kept for a later question.</summary>
    /// <value>The default is 67,108,864 (64 MiB); must be between 0 and 1,073,741,824.</value>
    [Range(0, 1 << 30)]
    public int MaxKeptBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets the most submitted tasks, not waited for, whose outcomes are expected to be told.</summary>
    /// <value>The default is 100,000; must be between 0 and 10,000,000.</value>
    /// <remarks>A wait for a task beyond it asks the store at once.</remarks>
    [Range(0, 10_000_000)]
    public int MaxExpectedOutcomes { get; set; } = 100_000;
}

using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Storage.Sqlite;

/// <summary>Where the SQLite store lies and how it is used. All silos of one cluster, on one machine, share one folder.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>Gets or sets the data folder; it is created when it is missing.</summary>
    /// <value>There is no default; must be the path of a folder on a local disk, absolute or from the process's working directory.</value>
    /// <remarks>
    /// The folder holds <c>store.db</c> (tasks, nodes, events, grain states) and <c>cluster.db</c> (membership, reminders), each
    /// with its lock, write-ahead log and shared memory beside it. Copy or delete them together, and only while no silo runs.
    /// </remarks>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Gets or sets how much memory the writer may use to keep pages of the store, in MiB.</summary>
    /// <value>The default is 256; must be between 1 and 65,536.</value>
    /// <remarks>A larger cache makes writes to a large store faster. It is filled as needed, and each silo has its own.</remarks>
    [Range(1, 65_536)]
    public int CacheMegabytes { get; set; } = 256;

    /// <summary>Gets or sets the size of the write-ahead log at which it is copied into the database, in MiB.</summary>
    /// <value>The default is 32; must be between 1 and 4,096.</value>
    /// <remarks>
    /// A larger value copies pages that change often less often, and makes each copy, during which nobody writes, longer. At four
    /// times this size the writer waits for readers, so that the log can start anew.
    /// </remarks>
    [Range(1, 4_096)]
    public int CheckpointMegabytes { get; set; } = 32;

    /// <summary>Gets or sets how many threads read.</summary>
    /// <value>The default is 4; must be between 1 and 64.</value>
    /// <remarks>Reads never wait for writes. Each thread has a connection and a cache of 16 MiB of its own.</remarks>
    [Range(1, 64)]
    public int ReadThreads { get; set; } = 4;

    /// <summary>Gets or sets how long to wait for the lock before its holder is looked at, and ended if it is stopped or hangs.</summary>
    /// <value>The default is 2 seconds; must be between 0.5 seconds and 1 minute. In a silo it is shorter where a lease less two heartbeats is: 1.25 seconds with <c>Fast</c>.</value>
    /// <remarks>
    /// A process that was stopped inside a write holds up every silo of the machine. Whoever has waited this long sends it SIGKILL if
    /// it is stopped, or sleeps through another such time; never while a debugger is attached to it. A larger value leaves a stopped
    /// silo more time to go on, and the others waiting as long; never so long that they could not renew their leases in time.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")]
    public TimeSpan HolderTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

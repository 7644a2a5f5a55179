using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>How a silo or a client uses a PostgreSQL database.</summary>
public sealed class PostgresStoreOptions : IValidatableObject
{
    /// <summary>The connections for leases: while one is stuck in a network that is broken, a renewal tries another.</summary>
    internal const int LeaseConnections = 3;

    /// <summary>The connections that are kept out of the pool for rows: those for leases, and two for Orleans' own tables.</summary>
    internal const int ReservedConnections = LeaseConnections + 2;

    /// <summary>Gets or sets where the database is, and as whom to log in, in Npgsql's form: <c>Host=…;Database=…;Username=…;Password=…</c>.</summary>
    /// <value>Must be set, with a host.</value>
    /// <remarks>It is never logged or shown. Settings of pools, timeouts and the search path in it are overruled by those here.</remarks>
    [Redact]
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>Gets or sets the schema that holds the tables. Orleans' own tables lie in a second one, of the same name with <c>_orleans</c>.</summary>
    /// <value>The default is <c>faulttolerance</c>; must start with a letter and hold at most 40 lower-case letters, digits and underscores.</value>
    [Required]
    [RegularExpression("^[a-z][a-z0-9_]{0,39}$")]
    public string Schema { get; set; } = "faulttolerance";

    /// <summary>Gets or sets how many batches of writes are under way at a time.</summary>
    /// <value>The default is 2; must be between 1 and 32, and leave a connection for reads (see <see cref="MaxPoolSize"/>).</value>
    /// <remarks>A second one fills the time in which the first waits for the disk; more help a server with many cores.</remarks>
    [Range(1, 32)]
    public int WriteLanes { get; set; } = 2;

    /// <summary>Gets or sets the most connections that one silo opens.</summary>
    /// <value>The default is 10; must be between 7 and 1,000, and at least <see cref="WriteLanes"/> + 6.</value>
    /// <remarks>Three of them are kept for leases and two for Orleans' membership and reminders, so that a busy store delays neither.</remarks>
    [Range(7, 1_000)]
    public int MaxPoolSize { get; set; } = 10;

    /// <summary>Gets or sets for how many silos the server must have connections.</summary>
    /// <value>The default is 3; must be between 1 and 1,000.</value>
    /// <remarks>A silo refuses to start on a server whose <c>max_connections</c> is too low for this many, before the last of them would fail.</remarks>
    [Range(1, 1_000)]
    public int Silos { get; set; } = 3;

    /// <summary>Gets or sets how long to wait for a connection.</summary>
    /// <value>The default is 3 seconds; must be between 1 second and 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets how long one statement or batch may take.</summary>
    /// <value>The default is 10 seconds; must be between 2 seconds and 5 minutes.</value>
    /// <remarks>The server ends a statement at four fifths of it; a server that says nothing at all is given up at the whole.</remarks>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long a statement waits for a row that another one holds.</summary>
    /// <value>The default is 2 seconds; must be between 100 milliseconds and 1 minute.</value>
    /// <remarks>
    /// Whoever has waited this long also ends sessions of this program and schema that hold a transaction open and have said nothing for as long:
    /// a frozen silo must not freeze the store.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets a value indicating whether to use a server that may lose what it has confirmed.</summary>
    /// <value>The default is <see langword="false"/>: <c>fsync</c>, <c>full_page_writes</c> and <c>synchronous_commit</c> must not be off.</value>
    /// <remarks>For experiments only: accepted tasks are lost when the server's machine fails, and an error in the log says so at each start.</remarks>
    public bool AllowUnsafeDurability { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WriteLanes + ReservedConnections + 1 > MaxPoolSize)
        {
            yield return new ValidationResult(
                $"{nameof(MaxPoolSize)} is {MaxPoolSize}, but {WriteLanes} write lanes, {ReservedConnections} reserved connections and " +
                $"one for reads need {WriteLanes + ReservedConnections + 1}.",
                [nameof(MaxPoolSize), nameof(WriteLanes)]);
        }

        if (ConnectionString.Length > 0 && ConnectionSettings.FindFault(ConnectionString) is { } fault)
        {
            yield return new ValidationResult($"{nameof(ConnectionString)} {fault}", [nameof(ConnectionString)]);
        }
    }
}

using SQLitePCL;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>A connection to a database, with its prepared statements. Used by one thread.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    static Connection() => Batteries_V2.Init();

    private Connection(string path, sqlite3 handle) => (Path, _handle) = (path, handle);

    /// <summary>Gets the version of SQLite that was loaded, as text and as a number.</summary>
    public static (string Text, int Number) Version => (raw.sqlite3_libversion().utf8_to_string(), raw.sqlite3_libversion_number());

    /// <summary>Gets the database's path.</summary>
    public string Path { get; }

    /// <summary>Gets a value indicating whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Gets a value indicating whether the file may only be read. SQLite then opens it without complaint.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_handle, "main") == 1;

    /// <summary>Gets how many rows the newest statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Opens a connection for the writer; makes the file when it is missing.</summary>
    /// <param name="path">The database's path.</param>
    /// <param name="cache">How much memory it may use for pages, in KiB.</param>
    /// <param name="patience">How long it waits for strangers and readers that are in its way; one second when omitted.</param>
    public static Connection OpenWriter(string path, int cache, TimeSpan? patience = null) =>
        Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, $"PRAGMA cache_size = -{cache}", patience);

    /// <summary>Opens a connection for reading.</summary>
    public static Connection OpenReader(string path) =>
        Open(path, raw.SQLITE_OPEN_READWRITE, "PRAGMA cache_size = -16384; PRAGMA query_only = ON", patience: null);

    /// <summary>Returns a prepared statement, ready for its first parameter. It is kept for the next time.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
            _statements[sql] = statement = new Statement(this, prepared);
        }

        return statement.Start();
    }

    /// <summary>Runs statements that have neither parameters nor results, once.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Returns the number that a statement yields; 0 when it yields no row.</summary>
    public long ReadLong(string sql) => Read(sql, statement => statement.Long(0));

    /// <summary>Returns the text that a statement yields.</summary>
    public string ReadText(string sql) => Read(sql, statement => statement.Text(0)) ?? "";

    /// <summary>Gives up an open transaction, if there is one.</summary>
    public void Rollback()
    {
        if (IsInTransaction)
        {
            Prepare("ROLLBACK").Run();
        }
    }

    /// <summary>Copies the write-ahead log into the database.</summary>
    /// <param name="mode">A mode of <c>sqlite3_wal_checkpoint_v2</c>.</param>
    /// <returns>The log's length in pages, and how many of them are copied. Negative when it was busy.</returns>
    public (int Pages, int Copied) Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out var pages, out var copied);
        if ((code & 0xFF) != raw.SQLITE_BUSY)
        {
            Check(code);
        }

        return (pages, copied);
    }

    /// <summary>Throws when a result code is a failure.</summary>
    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw SqliteErrors.ToException(Path, code, raw.sqlite3_errmsg(_handle).utf8_to_string());
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        raw.sqlite3_close_v2(_handle);
        _handle.Dispose();
    }

    private static Connection Open(string path, int flags, string pragmas, TimeSpan? patience)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new Connection(path, handle);
        try
        {
            connection.Check(code);
            connection.Configure(pragmas, patience ?? TimeSpan.FromSeconds(1));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Configure(string pragmas, TimeSpan patience)
    {
        Check(raw.sqlite3_extended_result_codes(_handle, 1));

        // Our own lock keeps our writers apart; what is waited for here is a stranger, or the recovery of the log after a crash.
        Check(raw.sqlite3_busy_timeout(_handle, (int)patience.TotalMilliseconds));

        // Checkpoints are the writer's, under the lock; neither a commit nor the last one to close may run one.
        Check(raw.sqlite3_wal_autocheckpoint(_handle, 0));
        Check(raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));

        // Plans must not depend on the values that happen to be bound.
        Check(raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _));
        Execute("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
        Execute(pragmas);
    }

    private T? Read<T>(string sql, Func<Statement, T> read)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var prepared));
        using var statement = new Statement(this, prepared);
        return statement.Start().ReadFirst(read);
    }
}

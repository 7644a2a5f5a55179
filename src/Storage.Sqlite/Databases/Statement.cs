using System.Text;
using SQLitePCL;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>A prepared statement. Parameters are bound in order; running it to its end makes it ready for the next time.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    private int _bound;

    /// <summary>Makes the statement ready for its first parameter.</summary>
    public Statement Start()
    {
        // Without its result: that is the failure of the run before, which has been reported already.
        raw.sqlite3_reset(handle);
        _bound = 0;
        return this;
    }

    /// <summary>Binds the next parameter to a number.</summary>
    public Statement Bind(long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, ++_bound, value));
        return this;
    }

    /// <summary>Binds the next parameter to a number, or to nothing.</summary>
    public Statement Bind(long? value)
    {
        connection.Check(value is { } number ? raw.sqlite3_bind_int64(handle, ++_bound, number) : raw.sqlite3_bind_null(handle, ++_bound));
        return this;
    }

    /// <summary>Binds the next parameter to bytes, or to nothing.</summary>
    public Statement Bind(byte[]? value)
    {
        connection.Check(value is null ? raw.sqlite3_bind_null(handle, ++_bound) : raw.sqlite3_bind_blob(handle, ++_bound, value));
        return this;
    }

    /// <summary>Binds the next parameter to text, or to nothing.</summary>
    /// <param name="utf8">The text, from <see cref="StoreText.Encode"/>.</param>
    public Statement BindText(byte[]? utf8)
    {
        connection.Check(utf8 is null ? raw.sqlite3_bind_null(handle, ++_bound) : raw.sqlite3_bind_text(handle, ++_bound, utf8.AsSpan()));
        return this;
    }

    /// <summary>Runs a statement that yields no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        while (Step())
        {
            // A statement such as PRAGMA may yield a row that nobody asked for.
        }

        return connection.Changes;
    }

    /// <summary>Goes on to the next row.</summary>
    /// <returns>False after the last one; the statement is then ready for the next time.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        try
        {
            connection.Check(code);
        }
        finally
        {
            raw.sqlite3_reset(handle);
        }

        return false;
    }

    /// <summary>Returns what a function reads from each row.</summary>
    public List<T> ReadAll<T>(Func<Statement, T> read)
    {
        var rows = new List<T>();
        ReadInto(rows, read);
        return rows;
    }

    /// <summary>Adds what a function reads from each row to a list.</summary>
    public void ReadInto<T>(List<T> rows, Func<Statement, T> read)
    {
        while (Step())
        {
            rows.Add(read(this));
        }
    }

    /// <summary>Returns what a function reads from the first row; the default value when there is none.</summary>
    public T? ReadFirst<T>(Func<Statement, T> read)
    {
        try
        {
            return Step() ? read(this) : default;
        }
        finally
        {
            raw.sqlite3_reset(handle); // a statement left half-way would keep its view of the database, and the log from starting anew
        }
    }

    /// <summary>Returns whether there is a row.</summary>
    public bool Any() => ReadFirst(_ => true);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Bytes(column);

    /// <summary>Returns a text, which may hold any character, NUL too.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Returns bytes without copying them; valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => handle.Dispose();
}

using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Builds and runs statements with positional parameters.</summary>
internal static class Statement
{
    public static NpgsqlBatchCommand Of(string sql) => new(sql);

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>Runs one statement and returns its rows.</summary>
    public static async Task<IReadOnlyList<T>> ListAsync<T>(
        this NpgsqlConnection connection, NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        return await reader.ReadAllAsync(read);
    }

    /// <summary>Runs one statement and returns how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, NpgsqlBatchCommand command)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        return await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Reads the rest of the present result.</summary>
    public static async Task<IReadOnlyList<T>> ReadAllAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Returns a column that may be null.</summary>
    public static long? NullableInt64(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>Returns a time.</summary>
    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => StoreTime.FromMicroseconds(reader.GetInt64(column));

    /// <summary>Returns a time that may be null.</summary>
    public static DateTimeOffset? NullableTime(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.Time(column);

    /// <summary>Returns a time that may be null as the column holds it.</summary>
    public static long? Microseconds(DateTimeOffset? time) => time is { } known ? StoreTime.ToMicroseconds(known) : null;
}

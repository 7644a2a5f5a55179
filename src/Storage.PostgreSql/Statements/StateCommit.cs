using FaultTolerance.Storage.GrainState;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>The stored states of grains.</summary>
internal static class StateCommit
{
    internal const string Insert =
        """
        insert into grain_state (key_id, key, token, state)
        select w.key_id, w.key, w.token, w.state
        from unnest($1::uuid[], $2::bytea[], $3::bigint[], $4::bytea[]) as w (key_id, key, token, state)
        on conflict do nothing
        returning key_id
        """;

    internal const string Update =
        """
        update grain_state set token = w.token, state = w.state
        from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[]) as w (key_id, if_token, token, state)
        where grain_state.key_id = w.key_id and grain_state.token = w.if_token
        returning grain_state.key_id
        """;

    internal const string Read = "select token, state from grain_state where key_id = $1";

    public static async Task<IReadOnlyList<bool>> RunAsync(NpgsqlConnection connection, IReadOnlyList<GrainStateWrite> writes)
    {
        await using var batch = new NpgsqlBatch(connection);
        var inserts = writes.Where(write => write.IfToken is null).ToArray();
        if (inserts.Length > 0)
        {
            batch.BatchCommands.Add(Statement.Of(Insert)
                .With(Array.ConvertAll(inserts, write => TextKey.Id(write.Key)))
                .With(Array.ConvertAll(inserts, write => Key(write)))
                .With(Array.ConvertAll(inserts, write => write.Token))
                .With(Array.ConvertAll(inserts, write => write.State)));
        }

        var updates = writes.Where(write => write.IfToken is not null).ToArray();
        if (updates.Length > 0)
        {
            batch.BatchCommands.Add(Statement.Of(Update)
                .With(Array.ConvertAll(updates, write => TextKey.Id(write.Key)))
                .With(Array.ConvertAll(updates, write => write.IfToken!.Value))
                .With(Array.ConvertAll(updates, write => write.Token))
                .With(Array.ConvertAll(updates, write => write.State)));
        }

        var written = new HashSet<Guid>();
        if (batch.BatchCommands.Count > 0)
        {
            await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
            do
            {
                written.UnionWith(await reader.ReadAllAsync(row => row.GetGuid(0)));
            }
            while (await reader.NextResultAsync(CancellationToken.None));
        }

        return [.. writes.Select(write => written.Contains(TextKey.Id(write.Key)))];
    }

    private static byte[] Key(GrainStateWrite write) =>
        TextKey.Bytes(TextKey.Checked(write.Key, StoreLimits.StateKey, "The key of a grain's state"));

    public static async Task<GrainStateRow?> ReadAsync(NpgsqlConnection connection, string key)
    {
        var rows = await connection.ListAsync(
            Statement.Of(Read).With(TextKey.Id(key)),
            reader => new GrainStateRow(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1)));
        return rows.Count == 0 ? null : rows[0];
    }
}

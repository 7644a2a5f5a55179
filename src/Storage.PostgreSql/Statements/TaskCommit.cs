using FaultTolerance.Storage.Tasks;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>One batch of conditional writes of tasks' rows, as one pipelined round trip: one transaction that the server alone ends.</summary>
internal sealed class TaskCommit
{
    private readonly IReadOnlyList<TaskWrite> _writes;
    private readonly List<TaskInsert> _inserts = [];
    private readonly List<TaskUpdate> _updates = [];
    private readonly HashSet<Guid> _written = [];
    private readonly HashSet<Guid> _known = [];
    private readonly Dictionary<Guid, TaskId> _holders = [];
    private readonly bool _hasKeys;
    private readonly bool _hasEdges;
    private readonly bool _hasParts;

    public TaskCommit(IReadOnlyList<TaskWrite> writes)
    {
        _writes = writes;
        foreach (var write in writes)
        {
            _hasParts |= write.Parts.Count > 0;
            if (write is TaskInsert insert)
            {
                TextKey.Checked(insert.Row.Handler, StoreLimits.Handler, "The handler");
                TextKey.Checked(insert.IdempotencyKey ?? "", StoreLimits.IdempotencyKey, "The idempotency key");
                _inserts.Add(insert);
                _hasKeys |= insert.IdempotencyKey is not null;
                _hasEdges |= insert.DependsOn.Count > 0 || insert.Parent is not null;
            }
            else
            {
                _updates.Add((TaskUpdate)write);
            }
        }
    }

    public async Task<IReadOnlyList<TaskWriteResult>> RunAsync(NpgsqlConnection connection)
    {
        if (_writes.Count == 0)
        {
            return [];
        }

        await using var batch = Build(connection);
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        if (_inserts.Count > 0)
        {
            await ReadWrittenAsync(reader);
        }

        if (_updates.Count > 0)
        {
            await ReadWrittenAsync(reader);
        }

        if (_hasKeys)
        {
            await ReadHoldersAsync(reader);
        }

        // Read to its end in any case: a statement that failed after these has undone them all.
        while (await reader.NextResultAsync(CancellationToken.None))
        {
        }

        return [.. _writes.Select(ResultOf)];
    }

    private NpgsqlBatch Build(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection);
        if (_inserts.Count > 0)
        {
            batch.BatchCommands.Add(InsertRows());
        }

        if (_updates.Count > 0)
        {
            batch.BatchCommands.Add(UpdateRows());
        }

        if (_hasEdges)
        {
            batch.BatchCommands.Add(InsertEdges());
        }

        if (_hasParts)
        {
            batch.BatchCommands.Add(InsertParts());
        }

        if (_hasKeys)
        {
            var keyed = _inserts.Where(insert => insert.IdempotencyKey is not null).ToArray();
            batch.BatchCommands.Add(Statement.Of(TaskSql.FindHolders)
                .With(Array.ConvertAll(keyed, insert => TextKey.Id(insert.IdempotencyKey!)))
                .With(Array.ConvertAll(keyed, insert => insert.Id.Value)));
        }

        return batch;
    }

    private NpgsqlBatchCommand InsertRows() => Statement.Of(TaskSql.Insert)
        .With(Column(_inserts, insert => insert.Id.Value))
        .With(Column(_inserts, insert => (short)insert.Row.Phase))
        .With(Column(_inserts, insert => insert.Row.Attempt))
        .With(Column(_inserts, insert => insert.Row.Owner.Value))
        .With(Column(_inserts, insert => insert.Row.Token))
        .With(Column(_inserts, insert => StoreTime.ToMicroseconds(insert.Row.Due)))
        .With(Column(_inserts, insert => Statement.Microseconds(insert.Row.Claimed)))
        .With(Column(_inserts, insert => Statement.Microseconds(insert.Row.Deadline)))
        .With(Column(_inserts, insert => Statement.Microseconds(insert.Row.Finished)))
        .With(Column(_inserts, insert => insert.Row.Handler))
        .With(Column(_inserts, insert => insert.Row.Spec))
        .With(Column(_inserts, insert => insert.Row.Life))
        .With(Column(_inserts, insert => insert.Row.Result))
        .With(Column(_inserts, insert => insert.IdempotencyKey is { } key ? TextKey.Id(key) : (Guid?)null));

    private NpgsqlBatchCommand UpdateRows() => Statement.Of(TaskSql.Update)
        .With(Column(_updates, update => update.Id.Value))
        .With(Column(_updates, update => (short)update.IfPhase))
        .With(Column(_updates, update => update.IfAttempt))
        .With(Column(_updates, update => update.IfOwner.Value))
        .With(Column(_updates, update => update.IfToken))
        .With(Column(_updates, update => (short)update.Phase))
        .With(Column(_updates, update => update.Attempt))
        .With(Column(_updates, update => update.Owner.Value))
        .With(Column(_updates, update => update.Token))
        .With(Column(_updates, update => StoreTime.ToMicroseconds(update.Due)))
        .With(Column(_updates, update => update.Life))
        .With(Column(_updates, update => update.Result))
        .With(Column(_updates, update => Statement.Microseconds(update.Finished)));

    private NpgsqlBatchCommand InsertEdges()
    {
        var edges = _inserts
            .SelectMany(insert => insert.DependsOn.Select(up => (Up: up, Kind: (short)0, Insert: insert))
                .Concat(insert.Parent is { } parent ? [(parent, (short)1, insert)] : []))
            .ToList();
        return Statement.Of(TaskSql.InsertEdges)
            .With(Column(edges, edge => edge.Up.Value))
            .With(Column(edges, edge => edge.Insert.Id.Value))
            .With(Column(edges, edge => edge.Kind))
            .With(Column(edges, edge => edge.Insert.Token));
    }

    private NpgsqlBatchCommand InsertParts()
    {
        var parts = _writes.SelectMany(write => write.Parts.Select((bytes, ordinal) => (write, ordinal, bytes))).ToList();
        return Statement.Of(TaskSql.InsertParts)
            .With(Column(parts, part => part.write.Id.Value))
            .With(Column(parts, part => part.write.Token))
            .With(Column(parts, part => part.ordinal))
            .With(Column(parts, part => part.bytes));
    }

    private static TColumn[] Column<TRow, TColumn>(List<TRow> rows, Converter<TRow, TColumn> value)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return column;
    }

    private async Task ReadWrittenAsync(NpgsqlDataReader reader)
    {
        while (await reader.ReadAsync(CancellationToken.None))
        {
            _written.Add(reader.GetGuid(0));
        }

        await reader.NextResultAsync(CancellationToken.None);
    }

    private async Task ReadHoldersAsync(NpgsqlDataReader reader)
    {
        while (await reader.ReadAsync(CancellationToken.None))
        {
            if (reader.IsDBNull(0))
            {
                _known.Add(reader.GetGuid(1));
            }
            else
            {
                _holders.Add(reader.GetGuid(0), new TaskId(reader.GetGuid(1)));
            }
        }
    }

    private TaskWriteResult ResultOf(TaskWrite write)
    {
        if (_written.Contains(write.Id.Value))
        {
            return TaskWriteResult.Applied;
        }

        return write is TaskInsert { IdempotencyKey: { } key } && !_known.Contains(write.Id.Value)
            && _holders.TryGetValue(TextKey.Id(key), out var holder)
            ? new TaskWriteResult(TaskWriteStatus.KeyTaken, holder)
            : TaskWriteResult.Conflict;
    }
}

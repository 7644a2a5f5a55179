using System.Numerics;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <content>What is asked about tasks beside the batches of writes.</content>
internal sealed partial class SqliteEngine
{
    private static readonly byte[] BeforeAllIds = [];
    private static readonly byte[] AfterAllIds = [.. Enumerable.Repeat(byte.MaxValue, TaskId.ByteLength + 1)];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken)
    {
        if (claim.Limit <= 0 || claim.Handlers.Count == 0)
        {
            return [];
        }

        var handlers = PadToPowerOfTwo([.. claim.Handlers.Select(handler => StoreText.Encode(handler, "The handler"))]);
        var sql = TaskSql.Claim(handlers.Length);
        var from = claim.DueFrom is { } mark ? StoreTime.ToMicroseconds(mark) : long.MinValue;
        var rows = await _database.WriteAsync(
            connection =>
            {
                var statement = connection.Prepare(sql).Bind(claim.Owner.Value).Bind(claim.Token).Bind(Now).Bind(from).Bind(claim.Limit);
                Array.ForEach(handlers, handler => statement.BindText(handler));
                return statement.ReadAll(TaskRowReader.Read);
            },
            cancellationToken);

        // The rows come back in the order in which they were changed.
        rows.Sort((one, other) => (one.Due, one.Id).CompareTo((other.Due, other.Id)));
        return rows;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskRow>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        var keys = ToBytes(ids);
        return await _database.ReadAsync(
            connection =>
            {
                var rows = new List<TaskRow>(keys.Length);
                Array.ForEach(keys, key => connection.Prepare(TaskSql.Read).Bind(key).ReadInto(rows, TaskRowReader.Read));
                return rows;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        var phase = query.Phase ?? (query.Owner is null ? null : TaskPhase.Running);
        if (query.Owner is not null && phase != TaskPhase.Running)
        {
            return []; // only running rows have an owner
        }

        var sql = TaskSql.Page(phase, query.Owner is not null, query.NewestFirst);
        var after = query.After?.ToBytes() ?? (query.NewestFirst ? AfterAllIds : BeforeAllIds);
        return await _database.ReadAsync(
            connection =>
            {
                var statement = connection.Prepare(sql).Bind(after).Bind(query.Limit);
                return (query.Owner is { } owner ? statement.Bind(owner.Value) : statement).ReadAll(TaskRowReader.Read);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = await _database.ReadAsync(
            connection => connection.Prepare(TaskSql.Count).ReadAll(row => (Phase: (TaskPhase)row.Long(0), Rows: row.Long(1))),
            cancellationToken);
        return Enum.GetValues<TaskPhase>().ToDictionary(phase => phase, phase => counts.FirstOrDefault(count => count.Phase == phase).Rows);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        connection => connection.Prepare(TaskSql.NextDue).ReadFirst(row => TaskRowReader.Time(row, 0)),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken) => await _database.ReadAsync(
        connection =>
        {
            // From one owner to the next: a few steps, where DISTINCT would walk over every running row.
            var owners = new List<NodeIncarnation>();
            for (var next = NextOwner(connection, long.MinValue); next is { } owner; next = NextOwner(connection, owner))
            {
                owners.Add(new NodeIncarnation(owner));
            }

            return owners;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<byte[]?> ReadPartsAsync(TaskId id, long token, CancellationToken cancellationToken)
    {
        var key = id.ToBytes();
        var parts = await _database.ReadAsync(
            connection => connection.Prepare(TaskSql.ReadParts).Bind(key).Bind(token).ReadAll(row => row.Bytes(0)),
            cancellationToken);
        return parts.Count == 0 ? null : Join(parts);
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(TaskPhase phase, DateTimeOffset finishedBefore, int limit, CancellationToken cancellationToken)
    {
        if (!phase.IsFinal())
        {
            throw new ArgumentOutOfRangeException(nameof(phase), phase, "Only rows in a final phase can be purged.");
        }

        var (sql, before) = (TaskSql.Purgeable(phase), StoreTime.ToMicroseconds(finishedBefore));
        return _database.WriteAsync(
            connection =>
            {
                var ids = connection.Prepare(sql).Bind(before).Bind(limit).ReadAll(row => row.Bytes(0));
                ids.ForEach(id => Purge(connection, id));
                return ids.Count;
            },
            cancellationToken);
    }

    private static void Purge(Connection connection, byte[] id)
    {
        connection.Prepare(TaskSql.DeleteUpstream).Bind(id).Run();
        connection.Prepare(TaskSql.DeleteDownstream).Bind(id).Run();
        connection.Prepare(TaskSql.DeleteParts).Bind(id).Run();
        connection.Prepare(TaskSql.Delete).Bind(id).Run();
    }

    private static long? NextOwner(Connection connection, long after) =>
        connection.Prepare(TaskSql.NextOwner).Bind(after).ReadFirst(row => row.LongOrNull(0));

    private static byte[] Join(List<byte[]> parts)
    {
        var joined = new byte[parts.Sum(part => part.Length)];
        var start = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, start);
            start += part.Length;
        }

        return joined;
    }

    private static byte[][] ToBytes(IReadOnlyList<TaskId> ids) => [.. ids.Select(id => id.ToBytes())];

    // So that there are only a few statements to prepare, however many handlers each silo has.
    private static byte[][] PadToPowerOfTwo(byte[][] handlers)
    {
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)handlers.Length);
        return [.. handlers, .. Enumerable.Repeat(handlers[0], length - handlers.Length)];
    }
}

using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <content>Edges and wakes.</content>
/// <remarks>
/// What is to be written is first looked for by a reader, who needs no lock: most finished tasks have no dependents, and of a thousand
/// wakes of a fan-in only the last does anything. What the reader cannot see yet is committed later, and whoever commits it then looks
/// for itself.
/// </remarks>
internal sealed partial class SqliteEngine
{
    /// <inheritdoc/>
    public async Task<TaskEdges> ReadEdgesAsync(TaskId id, CancellationToken cancellationToken)
    {
        var key = id.ToBytes();
        return await _database.ReadAsync(
            connection => new TaskEdges(
                connection.Prepare(TaskSql.Upstream).Bind(key).ReadAll(TaskRowReader.Id),
                connection.Prepare(TaskSql.Downstream).Bind(key).ReadAll(TaskRowReader.Id),
                connection.Prepare(TaskSql.Children).Bind(key).ReadAll(TaskRowReader.Id)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskId>> ResolveEdgesAsync(IReadOnlyList<TaskId> finished, CancellationToken cancellationToken)
    {
        var keys = await WhereAnyAsync(TaskSql.AnyResolvable, finished, cancellationToken);
        if (keys.Count == 0)
        {
            return [];
        }

        var dependents = await _database.WriteAsync(
            connection =>
            {
                var ids = new List<TaskId>();
                keys.ForEach(key => connection.Prepare(TaskSql.Resolve).Bind(key).ReadInto(ids, TaskRowReader.Id));
                return ids;
            },
            cancellationToken);
        return [.. dependents.Distinct()];
    }

    /// <inheritdoc/>
    public async Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken)
    {
        var keys = await WhereAnyAsync(TaskSql.AnySettled, dependents, cancellationToken);
        if (keys.Count > 0)
        {
            await _database.WriteAsync(
                connection => keys.Sum(key => connection.Prepare(TaskSql.LookAt).Bind(key).Run()),
                cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken)
    {
        var keys = await WhereAnyAsync(TaskSql.AnyWakeable, dependents, cancellationToken);
        if (keys.Count == 0)
        {
            return [];
        }

        var woken = await _database.WriteAsync(
            connection =>
            {
                var now = Now;
                return keys.FindAll(key => connection.Prepare(TaskSql.Wake).Bind(key).Bind(now).Bind(token).Run() == 1);
            },
            cancellationToken);
        return [.. woken.Select(key => TaskId.FromBytes(key))];
    }

    /// <summary>Returns the keys of those ids for which a statement yields a row.</summary>
    private Task<List<byte[]>> WhereAnyAsync(string sql, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        var keys = ToBytes(ids);
        return _database.ReadAsync(
            connection => keys.Where(key => connection.Prepare(sql).Bind(key).Any()).ToList(),
            cancellationToken);
    }
}

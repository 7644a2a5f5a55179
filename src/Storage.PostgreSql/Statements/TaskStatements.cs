using FaultTolerance.Storage.Tasks;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>What is asked of tasks' rows beside the batches of writes.</summary>
internal static class TaskStatements
{
    internal const string Read = $"select {TaskSql.Columns} from task where id = any($1)";

    private const string Count = "select phase, count(*) from task group by phase";

    internal const string NextDue = "select min(due) from task where phase = 1";

    private const string ReadParts = "select bytes from part where task = $1 and token = $2 order by ordinal";

    public static Task<IReadOnlyList<TaskRow>> ClaimAsync(NpgsqlConnection connection, TaskClaim claim) =>
        connection.ListAsync(
            Statement.Of(TaskSql.Claim)
                .With(claim.DueFrom is { } from ? StoreTime.ToMicroseconds(from) : long.MinValue)
                .With(claim.Handlers.ToArray())
                .With(claim.Limit)
                .With(claim.Owner.Value)
                .With(claim.Token),
            TaskRowReader.Read);

    public static Task<IReadOnlyList<TaskRow>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<TaskId> ids) =>
        connection.ListAsync(Statement.Of(Read).With(Ids(ids)), TaskRowReader.Read);

    public static Task<IReadOnlyList<TaskRow>> ListAsync(NpgsqlConnection connection, TaskQuery query)
    {
        var command = new NpgsqlBatchCommand();
        command.CommandText = ListSql(query, command);
        return connection.ListAsync(command, TaskRowReader.Read);
    }

    public static async Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(NpgsqlConnection connection)
    {
        var counts = Enum.GetValues<TaskPhase>().ToDictionary(phase => phase, _ => 0L);
        foreach (var (phase, count) in await connection.ListAsync(
            Statement.Of(Count), reader => ((TaskPhase)reader.GetInt16(0), reader.GetInt64(1))))
        {
            counts[phase] = count;
        }

        return counts;
    }

    public static async Task<DateTimeOffset?> NextDueAsync(NpgsqlConnection connection) =>
        (await connection.ListAsync(Statement.Of(NextDue), reader => reader.NullableTime(0)))[0];

    public static Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(NpgsqlConnection connection) =>
        connection.ListAsync(Statement.Of(TaskSql.ListOwners), reader => new NodeIncarnation(reader.GetInt64(0)));

    public static async Task<byte[]?> ReadPartsAsync(NpgsqlConnection connection, TaskId id, long token)
    {
        var parts = await connection.ListAsync(
            Statement.Of(ReadParts).With(id.Value).With(token), reader => reader.GetFieldValue<byte[]>(0));
        if (parts.Count == 0)
        {
            return null;
        }

        var joined = new byte[parts.Sum(part => part.Length)];
        var position = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, position);
            position += part.Length;
        }

        return joined;
    }

    public static async Task<TaskEdges> ReadEdgesAsync(NpgsqlConnection connection, TaskId id)
    {
        var edges = (await connection.ListAsync(
            Statement.Of(TaskSql.Edges).With(id.Value), reader => (Kind: reader.GetInt32(0), Task: new TaskId(reader.GetGuid(1)))))
            .ToLookup(edge => edge.Kind, edge => edge.Task);
        return new TaskEdges([.. edges[0]], [.. edges[1]], [.. edges[2]]);
    }

    public static Task<IReadOnlyList<TaskId>> ResolveAsync(NpgsqlConnection connection, IReadOnlyList<TaskId> finished) =>
        connection.ListAsync(Statement.Of(TaskSql.Resolve).With(Ids(finished)), TaskRowReader.Id);

    public static Task<int> LookAtDependenciesAsync(NpgsqlConnection connection, IReadOnlyList<TaskId> dependents) =>
        connection.ExecuteAsync(Statement.Of(TaskSql.LookAtDependencies).With(Ids(dependents)));

    public static Task<IReadOnlyList<TaskId>> WakeAsync(NpgsqlConnection connection, IReadOnlyList<TaskId> dependents, long token) =>
        connection.ListAsync(Statement.Of(TaskSql.Wake).With(Ids(dependents)).With(token), TaskRowReader.Id);

    public static async Task<int> PurgeAsync(NpgsqlConnection connection, TaskPhase phase, DateTimeOffset finishedBefore, int limit)
    {
        var gone = await connection.ListAsync(
            Statement.Of(TaskSql.Purge(phase)).With(StoreTime.ToMicroseconds(finishedBefore)).With(limit),
            reader => reader.GetInt64(0));
        return (int)gone[0];
    }

    // A phase stands in the text itself: a plan prepared for a parameter could not use the index of that phase.
    private static string ListSql(TaskQuery query, NpgsqlBatchCommand command)
    {
        var phase = query.Owner is null ? query.Phase : TaskPhase.Running;
        var conditions = new List<string> { phase is { } wanted ? $"phase = {(int)wanted}" : "true" };
        if (query.Owner is { } owner)
        {
            conditions.Add(query.Phase is null or TaskPhase.Running ? $"owner = {Parameter(owner.Value)}" : "false");
        }

        if (query.After is { } after)
        {
            conditions.Add($"id {(query.NewestFirst ? "<" : ">")} {Parameter(after.Value)}");
        }

        return $"select {TaskSql.Columns} from task where {string.Join(" and ", conditions)} " +
            $"order by id{(query.NewestFirst ? " desc" : "")} limit {Parameter(query.Limit)}";

        string Parameter<T>(T value)
        {
            command.With(value);
            return FormattableString.Invariant($"${command.Parameters.Count}");
        }
    }

    private static Guid[] Ids(IReadOnlyList<TaskId> ids)
    {
        var values = new Guid[ids.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ids[i].Value;
        }

        return values;
    }
}

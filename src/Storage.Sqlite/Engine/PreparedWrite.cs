using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>A write of a task's row in the form in which it is bound, made before the lock is taken.</summary>
internal abstract class PreparedWrite(TaskWrite write)
{
    /// <summary>Gets the row's key.</summary>
    protected byte[] Id { get; } = write.Id.ToBytes();

    /// <summary>Prepares a write.</summary>
    /// <exception cref="StoreException">A text in it cannot be stored.</exception>
    public static PreparedWrite From(TaskWrite write) => write switch
    {
        TaskInsert insert => new PreparedInsert(insert),
        TaskUpdate update => new PreparedUpdate(update),
        _ => throw new ArgumentException($"A write is an insert or an update, not {write.GetType().Name}."),
    };

    /// <summary>Does the write inside the open transaction.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="now">The store's time.</param>
    public TaskWriteResult Apply(Connection connection, long now)
    {
        if (Write(connection, now) == 0)
        {
            return Explain(connection);
        }

        for (var number = 0; number < write.Parts.Count; number++)
        {
            connection.Prepare(TaskSql.InsertPart).Bind(Id).Bind(write.Token).Bind(number).Bind(write.Parts[number]).Run();
        }

        return TaskWriteResult.Applied;
    }

    /// <summary>Writes the row, if the condition holds.</summary>
    /// <returns>How many rows were written.</returns>
    protected abstract int Write(Connection connection, long now);

    /// <summary>Says why nothing was written.</summary>
    protected virtual TaskWriteResult Explain(Connection connection) => TaskWriteResult.Conflict;
}

/// <summary>An insert, ready to be bound.</summary>
internal sealed class PreparedInsert(TaskInsert insert) : PreparedWrite(insert)
{
    private readonly byte[] _handler = StoreText.Encode(insert.Row.Handler, "The handler", StoreLimits.Handler);
    private readonly byte[]? _parent = insert.Parent?.ToBytes();
    private readonly byte[][] _dependsOn = [.. insert.DependsOn.Select(id => id.ToBytes())];

    private readonly byte[]? _key = insert.IdempotencyKey is null
        ? null
        : StoreText.Encode(insert.IdempotencyKey, "The idempotency key", StoreLimits.IdempotencyKey);

    protected override int Write(Connection connection, long now)
    {
        var row = insert.Row;
        var inserted = connection.Prepare(TaskSql.Insert)
            .Bind(Id).Bind((long)row.Phase).Bind(row.Attempt).Bind(row.Owner.Value).Bind(row.Token)
            .Bind(StoreTime.ToMicroseconds(row.Due)).Bind(now).Bind(Micros(row.Claimed)).Bind(Micros(row.Deadline)).Bind(Micros(row.Finished))
            .Bind(_parent).BindText(_key).BindText(_handler).Bind(row.Spec).Bind(row.Life).Bind(row.Result)
            .Run();
        for (var edge = 0; inserted == 1 && edge < _dependsOn.Length; edge++)
        {
            connection.Prepare(TaskSql.InsertEdge).Bind(Id).Bind(_dependsOn[edge]).Run();
        }

        return inserted;
    }

    protected override TaskWriteResult Explain(Connection connection)
    {
        var isKeyTaken = _key is not null && !connection.Prepare(TaskSql.Exists).Bind(Id).Any();
        return isKeyTaken
            ? new TaskWriteResult(TaskWriteStatus.KeyTaken, connection.Prepare(TaskSql.KeyHolder).BindText(_key).ReadFirst(TaskRowReader.Id))
            : TaskWriteResult.Conflict;
    }

    private static long? Micros(DateTimeOffset? time) => time is { } known ? StoreTime.ToMicroseconds(known) : null;
}

/// <summary>An update, ready to be bound.</summary>
internal sealed class PreparedUpdate(TaskUpdate update) : PreparedWrite(update)
{
    protected override int Write(Connection connection, long now) => connection.Prepare(TaskSql.Update)
        .Bind(Id).Bind((long)update.IfPhase).Bind(update.IfAttempt).Bind(update.IfOwner.Value).Bind(update.IfToken)
        .Bind((long)update.Phase).Bind(update.Attempt).Bind(update.Owner.Value).Bind(update.Token)
        .Bind(StoreTime.ToMicroseconds(update.Due))
        .Bind(update.Finished is { } finished ? StoreTime.ToMicroseconds(finished) : null)
        .Bind(update.Life).Bind(update.Result)
        .Run();
}

using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>Reads rows of tasks from the columns <see cref="TaskSql.Columns"/>.</summary>
internal static class TaskRowReader
{
    public static TaskRow Read(Statement row) => new()
    {
        Id = Id(row),
        Phase = (TaskPhase)row.Long(1),
        Attempt = (int)row.Long(2),
        Owner = new NodeIncarnation(row.Long(3)),
        Token = row.Long(4),
        Due = StoreTime.FromMicroseconds(row.Long(5)),
        Created = StoreTime.FromMicroseconds(row.Long(6)),
        Claimed = Time(row, 7),
        Deadline = Time(row, 8),
        Finished = Time(row, 9),
        Handler = row.Text(10),
        Spec = row.Bytes(11),
        Life = row.Bytes(12),
        Result = row.BytesOrNull(13),
    };

    public static TaskId Id(Statement row) => TaskId.FromBytes(row.Span(0));

    public static DateTimeOffset? Time(Statement row, int column) =>
        row.LongOrNull(column) is { } time ? StoreTime.FromMicroseconds(time) : null;
}

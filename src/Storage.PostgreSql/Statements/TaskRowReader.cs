using FaultTolerance.Storage.Tasks;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Reads rows of <see cref="TaskSql.Columns"/>.</summary>
internal static class TaskRowReader
{
    public static TaskRow Read(NpgsqlDataReader reader) => new()
    {
        Id = Id(reader),
        Phase = (TaskPhase)reader.GetInt16(1),
        Attempt = reader.GetInt32(2),
        Owner = new NodeIncarnation(reader.GetInt64(3)),
        Token = reader.GetInt64(4),
        Due = reader.Time(5),
        Created = reader.Time(6),
        Claimed = reader.NullableTime(7),
        Deadline = reader.NullableTime(8),
        Finished = reader.NullableTime(9),
        Handler = reader.GetString(10),
        Spec = reader.GetFieldValue<byte[]>(11),
        Life = reader.GetFieldValue<byte[]>(12),
        Result = reader.IsDBNull(13) ? null : reader.GetFieldValue<byte[]>(13),
    };

    public static TaskId Id(NpgsqlDataReader reader) => new(reader.GetGuid(0));
}

using FaultTolerance.Storage.PostgreSql;
using Npgsql;

namespace FaultTolerance.Storage.Writer;

/// <summary>A process that goes still in the middle of a batch: the server has the first statement, and never gets the end of the second.</summary>
internal static class PostgresInsideWrite
{
    public static async Task EnterAsync(string location, Action goStill)
    {
        await using var sessions = NpgsqlDataSource.Create(ConnectionSettings.Rows(PostgresLocation.Read(location)));
        await using var connection = await sessions.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // Larger than any buffer on the way, so that it is sent and executed before the process is at the second.
                Statement.Of("update grain_state set state = $1").With(new byte[1 << 20]),
                Statement.Of("select $1::bytea").With<Stream>(new StillStream(goStill)),
            },
        };
        await batch.ExecuteNonQueryAsync();
    }

    private sealed class StillStream(Action goStill) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => 1_000;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            goStill();
            return 0;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

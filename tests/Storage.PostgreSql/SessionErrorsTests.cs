using FaultTolerance.Storage.Engines;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>What becomes of the errors of the server, of the driver and of the way between them.</summary>
public sealed class SessionErrorsTests(SharedServer shared)
{
    private PostgresStoreOptions Options => new() { ConnectionString = shared.Server.ConnectionString() };

    [Theory]
    [InlineData("40P01", StoreFault.Contention, false)]
    [InlineData("40001", StoreFault.Contention, false)]
    [InlineData("55P03", StoreFault.Contention, false)]
    [InlineData("40003", StoreFault.Unreachable, true)]
    [InlineData("08006", StoreFault.Unreachable, true)]
    [InlineData("57P01", StoreFault.Unreachable, true)]
    [InlineData("57P02", StoreFault.Unreachable, true)]
    [InlineData("57P03", StoreFault.Unreachable, true)]
    [InlineData("57014", StoreFault.Unreachable, false)]
    [InlineData("53100", StoreFault.Unreachable, false)]
    [InlineData("53300", StoreFault.Unreachable, false)]
    [InlineData("25006", StoreFault.Unreachable, false)]
    [InlineData("22021", StoreFault.Data, false)]
    [InlineData("23514", StoreFault.Data, false)]
    [InlineData("54000", StoreFault.Data, false)]
    [InlineData("28P01", StoreFault.Unusable, false)]
    [InlineData("3D000", StoreFault.Unusable, false)]
    [InlineData("42501", StoreFault.Unusable, false)]
    [InlineData("XX001", StoreFault.Unusable, false)]
    public void Each_error_of_the_server_is_of_a_kind_and_leaves_the_outcome_known_or_not(string sqlState, StoreFault fault, bool isUnknown)
    {
        var error = new PostgresException("told", "ERROR", "ERROR", sqlState);

        var translated = PostgresErrors.Translate(error, "there", wasSent: true);

        Assert.Equal((fault, isUnknown), (translated.Fault, translated.IsOutcomeUnknown));
        Assert.False(PostgresErrors.Translate(error, "there", wasSent: false).IsOutcomeUnknown);
    }

    [Fact]
    public void A_connection_that_broke_leaves_the_outcome_of_what_was_sent_unknown()
    {
        var error = new NpgsqlException("Exception while reading from stream", new TimeoutException("Timeout"));

        Assert.True(PostgresErrors.Translate(error, "there", wasSent: true).IsOutcomeUnknown);
        Assert.False(PostgresErrors.Translate(error, "there", wasSent: false).IsOutcomeUnknown);
    }

    [Fact]
    public async Task The_servers_error_is_told_also_when_its_session_is_gone_right_after_it()
    {
        await using var pool = new SessionPool(NpgsqlDataSource.Create(ConnectionSettings.Rows(Options)), "there");

        var failure = await Assert.ThrowsAsync<StoreException>(() => pool.WriteAsync(DivideByZeroAndEndAsync, CancellationToken.None));

        Assert.Equal((StoreFault.Data, false), (failure.Fault, failure.IsOutcomeUnknown));
        Assert.Contains("22012", failure.Message);
        Assert.Equal(1, await pool.ReadAsync(async connection => await ScalarAsync(connection, "select 1"), CancellationToken.None));
    }

    [Fact]
    public async Task A_silo_that_closes_while_frozen_sessions_are_looked_for_keeps_the_first_error()
    {
        using var log = new RecordedLog();
        var source = NpgsqlDataSource.Create(ConnectionSettings.Rows(Options));
        await source.DisposeAsync();

        await new FrozenSessions(source, TimeSpan.FromSeconds(1), "there", log.CreateLogger("frozen")).EndAsync();

        Assert.Contains(log.Entries, entry => entry.Id == 1203);
    }

    private static async Task<int> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private async Task<int> DivideByZeroAndEndAsync(NpgsqlConnection connection)
    {
        try
        {
            return await ScalarAsync(connection, "select 1 / 0");
        }
        catch (PostgresException)
        {
            await shared.ExecuteAsync($"select pg_terminate_backend({connection.ProcessID}, 10000)");
            throw;
        }
    }
}

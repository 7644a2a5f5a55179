using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>Tables are made and migrated once, whoever starts together, and those of others are left alone.</summary>
public sealed class MigrationTests(SharedServer shared)
{
    [Fact]
    public async Task Silos_that_start_together_on_an_empty_database_make_the_tables_once()
    {
        var options = await shared.CreateDatabaseAsync();
        var engines = Enumerable.Range(0, 6).Select(_ => PostgresStore.CreateEngine(options)).ToList();

        var descriptions = await Task.WhenAll(engines.Select(engine => engine.InitializeAsync(CancellationToken.None)));

        Assert.All(descriptions, description => Assert.Equal(Migration.CurrentVersion, description.SchemaVersion));
        Assert.Equal([Migration.CurrentVersion], await ListAsync<int>(options, "select number from faulttolerance.schema_version"));
        foreach (var engine in engines)
        {
            await engine.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_of_version_0_is_migrated_and_keeps_its_rows()
    {
        var options = await shared.CreateDatabaseAsync();
        await ExecuteAsync(options, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-0.sql")));
        Assert.Equal([0], await ListAsync<int>(options, "select number from faulttolerance.schema_version"));
        await using var engine = PostgresStore.CreateEngine(options);

        var description = await engine.InitializeAsync(CancellationToken.None);

        Assert.Equal(Migration.CurrentVersion, description.SchemaVersion);
        var rows = await engine.ListAsync(new TaskQuery { Limit = 100 }, CancellationToken.None);
        Assert.Equal([TaskPhase.Succeeded, TaskPhase.Running, TaskPhase.Waiting], rows.Select(row => row.Phase));
        Assert.Equal(["files.digest@1", "files.digest@1", "files.merge@2"], rows.Select(row => row.Handler));
        Assert.Equal([0, 1, 2, 255], rows[0].Result);
        Assert.Equal((2, new NodeIncarnation(77), null), (rows[1].Attempt, rows[1].Owner, rows[1].Claimed));
        Assert.Equal([rows[0].Id, rows[1].Id], (await engine.ReadEdgesAsync(rows[2].Id, CancellationToken.None)).Upstream.Order());
        Assert.Equal([7, 8, 9], await engine.ReadPartsAsync(rows[0].Id, rows[0].Token, CancellationToken.None));
        Assert.Equal("alpha", Assert.Single(await engine.ListNodesAsync(10, CancellationToken.None)).Name);
        Assert.Equal("node/77", Assert.Single(await engine.ListEventsAsync("incident", 10, CancellationToken.None)).Key);
        Assert.Equal([1, 2], (await engine.ReadStateAsync("counter/7", CancellationToken.None))?.State);
        await WriteAsync(engine);
    }

    [Fact]
    public async Task A_second_start_changes_nothing()
    {
        var options = await shared.CreateDatabaseAsync();
        await InitializeAsync(options);

        await InitializeAsync(options);

        Assert.Single(await ListAsync<int>(options, "select number from faulttolerance.schema_version"));
    }

    [Fact]
    public async Task A_database_of_a_newer_release_is_refused_and_left_as_it_is()
    {
        var options = await shared.CreateDatabaseAsync();
        await InitializeAsync(options);
        await ExecuteAsync(options, "insert into faulttolerance.schema_version (number) values (1000)");

        var refused = await Assert.ThrowsAsync<StoreException>(() => InitializeAsync(options));

        Assert.Equal(StoreFault.Unusable, refused.Fault);
        Assert.Contains("have version 1000, made by a newer release; this one knows versions up to 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_with_tables_of_something_else_is_refused_and_left_as_it_is()
    {
        var options = await shared.CreateDatabaseAsync();
        await ExecuteAsync(options, "create schema faulttolerance; create table faulttolerance.task (name text)");

        var refused = await Assert.ThrowsAsync<StoreException>(() => InitializeAsync(options));

        Assert.Equal(StoreFault.Unusable, refused.Fault);
        Assert.Contains("holds tables of something else (task)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["task"], await ListAsync<string>(options, "select tablename::text from pg_tables where schemaname = 'faulttolerance'"));
    }

    [Fact]
    public async Task Two_schemas_of_one_database_are_two_stores()
    {
        var options = await shared.CreateDatabaseAsync();
        var other = new PostgresStoreOptions { ConnectionString = options.ConnectionString, Schema = "user" };
        await using var first = PostgresStore.CreateEngine(options);
        await using var second = PostgresStore.CreateEngine(other);
        await first.InitializeAsync(CancellationToken.None);
        await second.InitializeAsync(CancellationToken.None);

        await WriteAsync(first);

        Assert.Equal(1, (await first.CountAsync(CancellationToken.None))[TaskPhase.Queued]);
        Assert.Equal(0, (await second.CountAsync(CancellationToken.None))[TaskPhase.Queued]);
    }

    private static async Task WriteAsync(IStorageEngine engine)
    {
        var insert = new TaskInsert(new TaskRow { Id = TaskId.New(), Phase = TaskPhase.Queued, Handler = "a@1", Spec = [1], Token = 1 });
        Assert.Equal([TaskWriteResult.Applied], await engine.CommitTasksAsync([insert], CancellationToken.None));
    }

    private static async Task InitializeAsync(PostgresStoreOptions options)
    {
        await using var engine = PostgresStore.CreateEngine(options);
        await engine.InitializeAsync(CancellationToken.None);
    }

    private static async Task ExecuteAsync(PostgresStoreOptions options, string sql)
    {
        await using var source = NpgsqlDataSource.Create(options.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(PostgresStoreOptions options, string sql)
    {
        await using var source = NpgsqlDataSource.Create(options.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAllAsync(row => row.GetFieldValue<T>(0));
    }
}

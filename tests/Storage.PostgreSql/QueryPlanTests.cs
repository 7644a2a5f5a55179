using Npgsql;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>Every statement finds its rows by the right index: on a table that the planner knows nothing of, and on a large one.</summary>
public sealed class QueryPlanTests(SharedServer shared)
{
    private const string Ids = "'{00000000-0000-7000-8000-000000000001,00000000-0000-7000-8000-000000000002}'";

    private const string Key = "'00000000-0000-7000-8000-000000000001'";

    // Statement, its arguments, and the only indexes that it may use.
    private static readonly (string Name, string Sql, string Arguments, string[] Indexes)[] Statements =
    [
        ("insert", TaskSql.Insert, $"{Ids}, '{{1,1}}', '{{0,0}}', '{{0,0}}', '{{1,1}}', '{{0,0}}', null, null, null, '{{h,h}}', '{{a,a}}', '{{a,a}}', null, null", []),
        ("update", TaskSql.Update, $"{Ids}, '{{1,1}}', '{{0,0}}', '{{0,0}}', null, '{{2,2}}', '{{1,1}}', '{{1,1}}', '{{2,2}}', '{{0,0}}', '{{a,a}}', null, null", ["task_pkey"]),
        ("insert edges", TaskSql.InsertEdges, $"{Ids}, {Ids}, '{{0,0}}', '{{1,1}}'", ["task_pkey"]),
        ("insert parts", TaskSql.InsertParts, $"{Ids}, '{{1,1}}', '{{0,0}}', '{{a,a}}'", ["task_pkey"]),
        ("find holders", TaskSql.FindHolders, $"{Ids}, {Ids}", ["task_key", "task_pkey"]),
        ("claim", TaskSql.Claim, "0, '{h}', 100, 1, 1", ["task_queued", "task_pkey"]),
        ("resolve", TaskSql.Resolve, Ids, ["edge_up", "edge_pkey"]),
        ("look", TaskSql.LookAtDependencies, Ids, ["edge_up", "edge_pkey", "task_pkey"]),
        ("wake", TaskSql.Wake, $"{Ids}, 1", ["edge_pkey", "task_pkey"]),
        ("owners", TaskSql.ListOwners, "", ["task_owned"]),
        ("edges", TaskSql.Edges, "'00000000-0000-7000-8000-000000000001'", ["edge_pkey", "edge_up"]),
        ("purge", TaskSql.Purge(TaskPhase.Succeeded), "1, 100", ["task_final", "task_pkey", "edge_pkey", "edge_up", "part_pkey"]),
        ("read", TaskStatements.Read, Ids, ["task_pkey"]),
        ("current nodes", NodeStatements.ListCurrent, "9000, 1000", ["node_living", "node_unrecovered", "node_ended"]),
        ("read nodes", NodeStatements.Read, "'{1,2}'", ["node_pkey"]),
        ("next due", TaskStatements.NextDue, "", ["task_queued"]),
        ("list", $"select {TaskSql.Columns} from task where true order by id desc limit $1", "100", ["task_pkey"]),
        ("list waiting", $"select {TaskSql.Columns} from task where phase = 0 and id > $1 order by id limit $2", $"'00000000-0000-7000-8000-000000000001', 100", ["task_waiting"]),
        ("list failed", $"select {TaskSql.Columns} from task where phase = 4 order by id limit $1", "100", ["task_unsuccessful"]),
        ("list owned", $"select {TaskSql.Columns} from task where phase = 2 and owner = $1 order by id limit $2", "1, 100", ["task_owned"]),
        ("node is there", NodeStatements.IsThere, "1, 'n', 'a'", ["node_pkey", "node_living"]),
        ("renew", NodeStatements.Renew, "1, 2::smallint, 'a', 1, 1", ["node_pkey", "node_living"]),
        ("end", NodeStatements.End, "1, 6::smallint, true", ["node_pkey", "node_living"]),
        ("mark recovered", NodeStatements.MarkRecovered, "1", ["node_pkey"]),
        ("purge nodes", NodeStatements.Purge, "1, 100", ["node_pkey", "node_ended"]),
        ("event is mine", EventStatements.IsMine, $"{Key}, 1", ["event_pkey"]),
        ("update event", EventStatements.Update, $"{Key}, 1, 'a', 2", ["event_pkey"]),
        ("read event", EventStatements.Read, Key, ["event_pkey"]),
        ("list events", EventStatements.ListAll, "100", ["event_at"]),
        ("list events of a kind", EventStatements.ListKind, "100, 'incident'", ["event_kind"]),
        ("events after", EventStatements.ListAfter, $"100, 'incident', 1, {Key}", ["event_kind"]),
        ("purge events", EventStatements.Purge, "1, 100", ["event_at", "event_pkey"]),
        ("insert states", StateCommit.Insert, $"{Ids}, '{{a,a}}', '{{1,1}}', '{{a,a}}'", []),
        ("update states", StateCommit.Update, $"{Ids}, '{{1,1}}', '{{2,2}}', '{{a,a}}'", ["grain_state_pkey"]),
        ("read state", StateCommit.Read, Key, ["grain_state_pkey"]),
    ];

    private static readonly Dictionary<string, string> FirstColumns = new()
    {
        ["task_pkey"] = "id",
        ["task_key"] = "key_id",
        ["task_queued"] = "due",
        ["task_owned"] = "owner",
        ["task_final"] = "phase",
        ["task_waiting"] = "id",
        ["task_unsuccessful"] = "phase",
        ["edge_pkey"] = "down",
        ["edge_up"] = "up",
        ["part_pkey"] = "task",
        ["node_pkey"] = "incarnation",
        ["event_pkey"] = "key_id",
        ["event_at"] = "at",
        ["event_kind"] = "kind",
        ["grain_state_pkey"] = "key_id",
        ["node_living"] = "incarnation",
        ["node_unrecovered"] = "ended",
        ["node_ended"] = "ended",
    };

    [Fact]
    public async Task Plans_are_right_on_empty_tables_that_were_never_analysed()
    {
        await using var tables = await OpenAsync();

        Assert.Equal(-1f, await ScalarAsync<float>(tables, "select reltuples from pg_class where oid = 'task'::regclass"));
        await AssertPlansAsync(tables);
    }

    [Fact]
    public async Task Plans_are_right_on_a_million_rows_before_and_after_they_are_analysed()
    {
        await using var tables = await OpenAsync();
        await FillAsync(tables);

        Assert.Equal(-1f, await ScalarAsync<float>(tables, "select reltuples from pg_class where oid = 'task'::regclass"));
        await AssertPlansAsync(tables);
        await ExecuteAsync(tables, "analyze task; analyze edge; analyze node; analyze event; analyze grain_state");
        await AssertPlansAsync(tables);
    }

    [Fact]
    public async Task Rows_are_written_in_the_order_of_the_batch()
    {
        await using var tables = await OpenAsync();
        var update = Statements.Single(statement => statement.Name == "update");

        var plan = await ExplainAsync(tables, update.Sql, update.Arguments, "force_generic_plan");

        var join = plan.FindIndex(line => line.Contains("Nested Loop", StringComparison.Ordinal));
        Assert.Contains("Function Scan on w", plan[join + 1], StringComparison.Ordinal);
        Assert.Contains("Index Scan using task_pkey on task", plan[join + 2], StringComparison.Ordinal);
    }

    // It puts living nodes first, for which no index stands ready: the table holds the lives of a day, and is read as a whole.
    [Fact]
    public async Task The_list_of_nodes_reads_its_table_once()
    {
        await using var tables = await OpenAsync();

        var plan = await ExplainAsync(tables, NodeStatements.List, "100", "force_generic_plan");

        Assert.Single(plan, line => line.Contains(" on node ", StringComparison.Ordinal));
    }

    private static async Task AssertPlansAsync(NpgsqlDataSource tables)
    {
        foreach (var (name, sql, arguments, indexes) in Statements)
        {
            foreach (var mode in new[] { "force_custom_plan", "force_generic_plan" })
            {
                var plan = await ExplainAsync(tables, sql, arguments, mode);
                var text = $"{name}, {mode}:\n{string.Join('\n', plan)}";
                Assert.True(Scans(plan).All(scan => indexes.Contains(scan.Index)), text);
                Assert.True(Scans(plan).All(scan => scan.IsEntered), text);
                Assert.True(plan.TrueForAll(line => !line.Contains("Seq Scan", StringComparison.Ordinal)), text);
            }
        }
    }

    // A scan with a condition on other columns than the first reads the whole of the index.
    private static IEnumerable<(string Index, bool IsEntered)> Scans(List<string> plan)
    {
        foreach (var (line, next) in plan.Zip(plan.Skip(1).Append("")))
        {
            if (line.Split(" using ") is [_, var rest])
            {
                var index = rest.Split(' ')[0];
                yield return (index, !next.Contains("Index Cond", StringComparison.Ordinal)
                    || next.Contains($"({FirstColumns[index]} ", StringComparison.Ordinal));
            }
        }
    }

    private static async Task<List<string>> ExplainAsync(NpgsqlDataSource tables, string sql, string arguments, string mode)
    {
        await using var connection = await tables.OpenConnectionAsync();
        var call = arguments.Length == 0 ? "tested" : $"tested ({arguments})";
        await using var prepare = new NpgsqlCommand($"set plan_cache_mode = {mode}; deallocate all; prepare tested as {sql}", connection);
        await prepare.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"explain execute {call}", connection);
        await using var reader = await explain.ExecuteReaderAsync();
        return [.. await reader.ReadAllAsync(row => row.GetString(0))];
    }

    // Nine of ten rows are final; of the rest most are queued.
    private static Task FillAsync(NpgsqlDataSource tables) => ExecuteAsync(
        tables,
        """
        insert into task (id, phase, attempt, owner, token, due, created, finished, handler, spec, life)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
            case when n % 10 > 0 then 3 when n % 50 = 0 then 2 when n % 70 = 0 then 4 when n % 90 = 0 then 0 else 1 end,
            1, case when n % 50 = 0 then n % 3 + 1 else 0 end, n, n, n, case when n % 10 > 0 or n % 70 = 0 then n end, 'h', '', ''
        from generate_series(1, 1000000) as n;
        insert into edge (up, down, kind, resolved)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ('00000000-0000-7000-8000-' || lpad(to_hex(n + 1), 12, '0'))::uuid, 0, n % 10 > 0
        from generate_series(1, 100000) as n;
        insert into node (incarnation, name, phase, joined, lease_ends, ended, recovered, info)
        select n, 'node', case when n > 9997 then 1 else 6 end, n, n, case when n <= 9997 then n end, case when n <= 9997 and n % 1000 > 0 then n end, ''
        from generate_series(1, 10000) as n;
        insert into event (key_id, key, kind, at, token, body)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '', case when n % 100 = 0 then 'incident' else 'kind ' || n % 100 end, n, n, ''
        from generate_series(1, 100000) as n;
        insert into grain_state (key_id, key, token, state)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '', n, '' from generate_series(1, 100000) as n
        """);

    // The very sessions that the engine uses, on tables that nobody analyses behind the test's back.
    private async Task<NpgsqlDataSource> OpenAsync()
    {
        var options = shared.NewSchema();
        await using var engine = PostgresStore.CreateEngine(options);
        await engine.InitializeAsync(CancellationToken.None);
        var settings = ConnectionSettings.Rows(options);
        settings.CommandTimeout = 0;
        settings.Options += " -c statement_timeout=0";
        settings.MaxAutoPrepare = 0;
        var tables = NpgsqlDataSource.Create(settings);
        await ExecuteAsync(tables, string.Join(
            ';', new[] { "task", "edge", "node", "event", "grain_state" }.Select(table => $"alter table {table} set (autovacuum_enabled = off)")));
        return tables;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource tables, string sql)
    {
        await using var command = tables.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource tables, string sql)
    {
        await using var command = tables.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

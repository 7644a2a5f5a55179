using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>Every statement finds its rows by the index made for it, on an empty table as on a large one, analysed or not.</summary>
public sealed class QueryPlanTests(QueryPlanTests.Stores stores) : IClassFixture<QueryPlanTests.Stores>
{
    private const string ById = "SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id=?)";
    private const string NodeById = "SEARCH nodes USING INTEGER PRIMARY KEY (rowid=?)";
    private const string EventByKey = "SEARCH events USING INDEX sqlite_autoindex_events_1 (key=?)";
    private const string StateByKey = "SEARCH states USING INDEX sqlite_autoindex_states_1 (key=?)";
    private const string Sort = "USE TEMP B-TREE FOR ORDER BY";

    /// <summary>The plan of each statement; one line each, in the order of their work.</summary>
    private static readonly Dictionary<string, string[]> Expected = new()
    {
        [TaskSql.Claim(4)] =
        [
            "SEARCH tasks USING COVERING INDEX sqlite_autoindex_tasks_1 (id=?)",
            "LIST SUBQUERY 1",
            "SEARCH tasks USING COVERING INDEX tasks_queued (due>? AND due<?)",
        ],
        [TaskSql.Update] = [ById],
        [TaskSql.Read] = [ById],
        [TaskSql.Delete] = [ById],
        [TaskSql.KeyHolder] = ["SEARCH tasks USING INDEX tasks_key (key=?)"],
        [TaskSql.Wake] = [ById, "SCALAR SUBQUERY 1", "SEARCH edges USING COVERING INDEX edges_open (dependent=?)"],
        [TaskSql.AnyWakeable] = [ById, "SCALAR SUBQUERY 1", "SEARCH edges USING COVERING INDEX edges_open (dependent=?)"],
        [TaskSql.Resolve] = ["SEARCH edges USING INDEX edges_downstream (upstream=?)"],
        [TaskSql.AnyResolvable] = ["SEARCH edges USING INDEX edges_downstream (upstream=?)"],
        [TaskSql.LookAt] = ["SEARCH edges USING INDEX edges_open (dependent=?)", "CORRELATED SCALAR SUBQUERY 1", ById],
        [TaskSql.AnySettled] = ["SEARCH edges USING COVERING INDEX edges_open (dependent=?)", "CORRELATED SCALAR SUBQUERY 1", ById],
        [TaskSql.NextDue] = ["SCAN tasks USING COVERING INDEX tasks_queued"],
        [TaskSql.NextOwner] = ["SEARCH tasks USING COVERING INDEX tasks_owned (owner>?)"],
        [TaskSql.Upstream] = ["SEARCH edges USING PRIMARY KEY (dependent=?)"],
        [TaskSql.Downstream] = ["SEARCH edges USING COVERING INDEX edges_downstream (upstream=?)"],
        [TaskSql.Children] =
        [
            "SEARCH tasks USING COVERING INDEX tasks_children (parent=?)",
            "SCALAR SUBQUERY 1",
            "SEARCH tasks USING COVERING INDEX sqlite_autoindex_tasks_1 (id=?)",
        ],
        [TaskSql.ReadParts] = ["SEARCH parts USING INDEX sqlite_autoindex_parts_1 (id=? AND token=?)"],
        [TaskSql.DeleteUpstream] = ["SEARCH edges USING PRIMARY KEY (dependent=?)"],
        [TaskSql.DeleteDownstream] = ["SEARCH edges USING INDEX edges_downstream (upstream=?)"],
        [TaskSql.DeleteParts] = ["SEARCH parts USING INDEX sqlite_autoindex_parts_1 (id=?)"],
        [TaskSql.Count] =
        [
            "COMPOUND QUERY", "LEFT-MOST SUBQUERY", "SCAN tasks USING COVERING INDEX tasks_waiting",
            "UNION ALL", "SCAN tasks USING COVERING INDEX tasks_queued",
            "UNION ALL", "SCAN tasks USING COVERING INDEX tasks_owned",
            "UNION ALL", "SEARCH tasks USING COVERING INDEX tasks_final (phase>?)",
        ],
        [NodeSql.Living] = ["SCAN nodes USING INDEX nodes_living"],
        [NodeSql.Unrecovered] = ["SEARCH nodes USING INDEX nodes_unrecovered (ended>?)"],
        [NodeSql.Recent] = ["SEARCH nodes USING INDEX nodes_ended (ended>?)"],
        [NodeSql.Read] = ["SEARCH nodes USING INTEGER PRIMARY KEY (rowid=?)"],
        [TaskSql.Purgeable(TaskPhase.Succeeded)] =
        [
            "SEARCH tasks USING COVERING INDEX tasks_final (phase=? AND finished<?)",
            "CORRELATED SCALAR SUBQUERY 1",
            "SEARCH edges USING COVERING INDEX edges_downstream (upstream=?)",
            "SEARCH dependent USING INDEX sqlite_autoindex_tasks_1 (id=?)",
        ],
        [TaskSql.Page(null, hasOwner: false, newestFirst: false)] = ["SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id>?)"],
        [TaskSql.Page(null, hasOwner: false, newestFirst: true)] = ["SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id<?)"],
        [TaskSql.Page(TaskPhase.Waiting, hasOwner: false, newestFirst: false)] = Page("SEARCH tasks USING COVERING INDEX tasks_waiting (id>?)"),
        [TaskSql.Page(TaskPhase.Queued, hasOwner: false, newestFirst: true)] = Page("SCAN tasks USING COVERING INDEX tasks_queued", Sort),
        [TaskSql.Page(TaskPhase.Running, hasOwner: true, newestFirst: false)] = Page("SEARCH tasks USING COVERING INDEX tasks_owned (owner=? AND id>?)"),
        [TaskSql.Page(TaskPhase.Failed, hasOwner: false, newestFirst: true)] = Page("SEARCH tasks USING COVERING INDEX tasks_final (phase=?)", Sort),
        [NodeSql.IsThere] = [NodeById],
        [NodeSql.Renew] = [NodeById],
        [NodeSql.End] = [NodeById],
        [NodeSql.MarkRecovered] = [NodeById],
        [NodeSql.ListEnded] = ["SCAN nodes"], // from its newest end, for as many as are asked for
        [NodeSql.Purge] = [NodeById, "LIST SUBQUERY 1", "SCAN nodes"], // ended lives are few: those of a day
        [EventSql.IsMine] = [EventByKey],
        [EventSql.Update] = [EventByKey],
        [EventSql.Read] = [EventByKey],
        [EventSql.ListAll] = ["SCAN events USING INDEX events_at"],
        [EventSql.ListKind] = ["SEARCH events USING INDEX events_kind (kind=?)"],
        [EventSql.ListAfter] = ["SEARCH events USING INDEX events_kind (kind=? AND at>?)", "USE TEMP B-TREE FOR LAST TERM OF ORDER BY"],
        [EventSql.Purge] = ["SEARCH events USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1", "SEARCH events USING COVERING INDEX events_at (at<?)"],
        [StateSql.Read] = [StateByKey],
        [StateSql.Update] = [StateByKey],
    };

    [Fact]
    public void On_an_empty_store() => AssertPlans(stores.Empty);

    [Fact]
    public void On_a_store_of_a_million_tasks()
    {
        Assert.Equal(1_000_000, stores.Large.ReadLong("SELECT count(*) FROM tasks"));

        AssertPlans(stores.Large);
    }

    [Fact]
    public void On_a_store_of_a_million_tasks_that_somebody_has_analysed()
    {
        using var analysed = Connection.OpenWriter(stores.Large.Path, 1_024);
        analysed.Execute("BEGIN; ANALYZE");

        AssertPlans(analysed);

        analysed.Rollback();
    }

    private static void AssertPlans(Connection connection) => Assert.All(
        Expected,
        expected => Assert.Equal(expected.Value, connection.Prepare("EXPLAIN QUERY PLAN " + expected.Key).ReadAll(row => row.Text(3))));

    private static string[] Page(params string[] ids) => ["CO-ROUTINE (subquery-1)", .. ids, "SCAN (subquery-1)", ById, Sort];

    /// <summary>An empty store and a large one, made once for all tests here.</summary>
    public sealed class Stores : IAsyncLifetime
    {
        private readonly DataFolder _empty = new();
        private readonly DataFolder _large = new();

        internal Connection Empty { get; private set; } = null!;

        internal Connection Large { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Empty = await OpenAsync(_empty);
            Large = await OpenAsync(_large);
            Large.Execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144");
            Large.Execute(FillTasks);
            Large.Execute(FillEdges);
            Large.Execute(FillOthers);
        }

        public async ValueTask DisposeAsync()
        {
            Empty.Dispose();
            Large.Dispose();
            await _empty.DisposeAsync();
            await _large.DisposeAsync();
        }

        private static async Task<Connection> OpenAsync(DataFolder folder)
        {
            await folder.OpenAsync();
            return Connection.OpenWriter(folder.Store, 1_024);
        }

        // Of a hundred tasks 70 have succeeded, 10 failed, 1 was cancelled; 15 are queued, 3 run, 1 waits.
        private const string FillTasks =
            """
            WITH RECURSIVE
                numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000),
                phases(n, phase) AS (SELECT n, CASE WHEN n % 100 < 70 THEN 3 WHEN n % 100 < 80 THEN 4 WHEN n % 100 < 81 THEN 5
                    WHEN n % 100 < 96 THEN 1 WHEN n % 100 < 99 THEN 2 ELSE 0 END FROM numbers)
            INSERT INTO tasks (id, phase, attempt, owner, token, due, created, finished, handler, spec, life)
            SELECT unhex(printf('01900000000070008000%012x', n)), phase, 1, iif(phase = 2, n % 3 + 1, 0), n, n, n, iif(phase >= 3, n, NULL),
                iif(n % 10 = 0, 'other@1', 'files.digest@1'), zeroblob(100), x'' FROM phases
            """;

        // 10,000 lives; the newest three go on, every thousandth has died and is not recovered.
        private const string FillOthers =
            """
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
            INSERT INTO nodes (incarnation, name, phase, joined, lease_ends, ended, recovered, info)
            SELECT n, 'node', iif(n > 9997, 1, 6), n, n, iif(n > 9997, NULL, n), iif(n > 9997 OR n % 1000 = 0, NULL, n), zeroblob(100) FROM numbers;
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
            INSERT INTO events (key, kind, at, token, body) SELECT 'event/' || n, iif(n % 2 = 0, 'incident', 'other'), n, n, x'' FROM numbers;
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
            INSERT INTO states (key, token, state) SELECT 'grain/' || n, n, x'' FROM numbers
            """;

        private const string FillEdges =
            """
            INSERT INTO edges (dependent, upstream, resolved)
            SELECT id, unhex(printf('01900000000070008000%012x', token - 1)), 0 FROM tasks WHERE phase = 0
            """;
    }
}

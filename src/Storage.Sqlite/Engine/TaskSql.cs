using System.Globalization;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>The statements about tasks.</summary>
/// <remarks>
/// A plus sign before a column keeps the planner from using an index for that condition: a write by id must find its row by the
/// id alone, never by walking a partial index, however small the planner believes that one to be.
/// </remarks>
internal static class TaskSql
{
    public const string Columns = "id, phase, attempt, owner, token, due, created, claimed, deadline, finished, handler, spec, life, result";

    public const string Insert =
        """
        INSERT INTO tasks (id, phase, attempt, owner, token, due, created, claimed, deadline, finished, parent, key, handler, spec, life, result)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT DO NOTHING
        """;

    public const string Update =
        """
        UPDATE tasks SET phase = ?6, attempt = ?7, owner = ?8, token = ?9, due = ?10, finished = ?11, life = ?12, result = ?13
        WHERE id = ?1 AND +phase = ?2 AND +attempt = ?3 AND +owner = ?4 AND (?5 IS NULL OR +token = ?5)
        """;

    public const string InsertEdge = "INSERT INTO edges (dependent, upstream) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

    // A write that is repeated, and whose condition still holds, brings the same parts once more.
    public const string InsertPart = "INSERT INTO parts (id, token, number, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";

    public const string Exists = "SELECT 1 FROM tasks WHERE id = ?1";

    public const string KeyHolder = "SELECT id FROM tasks WHERE key = ?1";

    public const string ReadParts = "SELECT bytes FROM parts WHERE id = ?1 AND token = ?2 ORDER BY number";

    public const string Read = $"SELECT {Columns} FROM tasks WHERE id = ?1";

    public const string NextDue = "SELECT due FROM tasks INDEXED BY tasks_queued WHERE phase = 1 ORDER BY due LIMIT 1";

    public const string NextOwner = "SELECT owner FROM tasks INDEXED BY tasks_owned WHERE phase = 2 AND owner > ?1 ORDER BY owner LIMIT 1";

    public const string Count =
        """
        SELECT 0, count(*) FROM tasks INDEXED BY tasks_waiting WHERE phase = 0
        UNION ALL SELECT 1, count(*) FROM tasks INDEXED BY tasks_queued WHERE phase = 1
        UNION ALL SELECT 2, count(*) FROM tasks INDEXED BY tasks_owned WHERE phase = 2
        UNION ALL SELECT phase, count(*) FROM tasks INDEXED BY tasks_final WHERE phase >= 3 GROUP BY phase
        """;

    public const string Upstream = "SELECT upstream FROM edges WHERE dependent = ?1";

    public const string Downstream = "SELECT dependent FROM edges WHERE upstream = ?1";

    // A child keeps its parent's id when the parent is purged: to take it out of a thousand rows would hold up the store.
    public const string Children = "SELECT id FROM tasks WHERE parent = ?1 AND (SELECT 1 FROM tasks WHERE id = ?1)";

    public const string AnyResolvable = "SELECT 1 FROM edges WHERE upstream = ?1 AND +resolved = 0 LIMIT 1";

    public const string Resolve = "UPDATE edges SET resolved = 1 WHERE upstream = ?1 AND +resolved = 0 RETURNING dependent";

    private const string Settled =
        "dependent = ?1 AND resolved = 0 AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.id = edges.upstream AND +tasks.phase < 3)";

    public const string AnySettled = $"SELECT 1 FROM edges INDEXED BY edges_open WHERE {Settled} LIMIT 1";

    public const string LookAt = $"UPDATE edges INDEXED BY edges_open SET resolved = 1 WHERE {Settled}";

    private const string Wakeable =
        "id = ?1 AND +phase = 0 AND NOT EXISTS (SELECT 1 FROM edges INDEXED BY edges_open WHERE dependent = ?1 AND resolved = 0)";

    public const string AnyWakeable = $"SELECT 1 FROM tasks WHERE {Wakeable}";

    public const string Wake = $"UPDATE tasks SET phase = 1, due = max(due, ?2), token = ?3 WHERE {Wakeable}";

    public const string DeleteUpstream = "DELETE FROM edges WHERE dependent = ?1";

    public const string DeleteDownstream = "DELETE FROM edges WHERE upstream = ?1";

    public const string DeleteParts = "DELETE FROM parts WHERE id = ?1";

    public const string Delete = "DELETE FROM tasks WHERE id = ?1";

    /// <summary>Returns the statement that finds rows to purge.</summary>
    public static string Purgeable(TaskPhase phase) =>
        $"""
        SELECT id FROM tasks INDEXED BY tasks_final
        WHERE {Is(phase)} AND finished < ?1 AND NOT EXISTS (
            SELECT 1 FROM edges JOIN tasks AS dependent ON dependent.id = edges.dependent
            WHERE edges.upstream = tasks.id AND +dependent.phase < 3)
        ORDER BY finished LIMIT ?2
        """;

    /// <summary>Returns the statement that claims, for a number of handlers.</summary>
    public static string Claim(int handlers) =>
        $"""
        UPDATE tasks SET phase = 2, attempt = attempt + 1, owner = ?1, token = ?2, claimed = ?3
        WHERE id IN (
            SELECT id FROM tasks INDEXED BY tasks_queued
            WHERE phase = 1 AND due >= ?4 AND due <= ?3 AND handler IN ({Parameters(6, handlers)})
            ORDER BY due, id LIMIT ?5)
        RETURNING {Columns}
        """;

    /// <summary>Returns the statement that reads a page.</summary>
    /// <remarks>The page's ids come from the index of their phase alone; only then are the rows themselves read.</remarks>
    public static string Page(TaskPhase? phase, bool hasOwner, bool newestFirst)
    {
        var (after, order) = newestFirst ? ("<", "DESC") : (">", "ASC");
        return phase is not { } known
            ? $"SELECT {Columns} FROM tasks WHERE id {after} ?1 ORDER BY id {order} LIMIT ?2"
            : $"""
               SELECT {Columns} FROM (
                   SELECT id AS page FROM tasks INDEXED BY {IndexOf(known)}
                   WHERE {Is(known)} {(hasOwner ? "AND owner = ?3 " : "")}AND id {after} ?1 ORDER BY id {order} LIMIT ?2)
               CROSS JOIN tasks ON id = page ORDER BY id {order}
               """;
    }

    private static string IndexOf(TaskPhase phase) => phase switch
    {
        TaskPhase.Waiting => "tasks_waiting",
        TaskPhase.Queued => "tasks_queued",
        TaskPhase.Running => "tasks_owned",
        _ => "tasks_final",
    };

    private static string Parameters(int first, int count) => string.Join(", ", Enumerable.Range(first, count).Select(number => "?" + Number(number)));

    // The planner takes a partial index only when its very condition stands in the statement.
    private static string Is(TaskPhase phase) => (phase.IsFinal() ? "phase >= 3 AND phase = " : "phase = ") + Number((int)phase);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

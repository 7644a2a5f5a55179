namespace FaultTolerance.Storage.PostgreSql;

/// <summary>The statements on tasks' rows that write many at once.</summary>
/// <remarks>
/// A condition on a row found by its id reads <c>phase + 0</c>, never <c>phase</c>: with a bare comparison the planner may prove
/// that a partial index applies and walk that one, on a table that it knows little of, in the place of the primary key. Rows
/// are written in the order of the arrays, which is that of their ids: the function's rows are the outer side of a nested loop.
/// An <c>exists (… offset 0)</c> is looked up row by row; without the offset the planner may join whole tables in its place.
/// </remarks>
internal static class TaskSql
{
    public const string Columns =
        "id, phase, attempt, owner, token, due, created, claimed, deadline, finished, handler, spec, life, result";

    public const string Insert =
        """
        insert into task
            (id, phase, attempt, owner, token, due, created, claimed, deadline, finished, handler, spec, life, result, key_id)
        select w.id, w.phase, w.attempt, w.owner, w.token, w.due, (select store_now()), w.claimed, w.deadline, w.finished,
            w.handler, w.spec, w.life, w.result, w.key_id
        from unnest(
            $1::uuid[], $2::smallint[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
            $9::bigint[], $10::text[], $11::bytea[], $12::bytea[], $13::bytea[], $14::uuid[])
            as w (id, phase, attempt, owner, token, due, claimed, deadline, finished, handler, spec, life, result, key_id)
        on conflict do nothing
        returning id
        """;

    public const string Update =
        """
        update task
        set phase = w.phase, attempt = w.attempt, owner = w.owner, token = w.token, due = w.due, life = w.life,
            result = w.result, finished = w.finished
        from unnest(
            $1::uuid[], $2::smallint[], $3::integer[], $4::bigint[], $5::bigint[], $6::smallint[], $7::integer[], $8::bigint[],
            $9::bigint[], $10::bigint[], $11::bytea[], $12::bytea[], $13::bigint[])
            as w (id, if_phase, if_attempt, if_owner, if_token, phase, attempt, owner, token, due, life, result, finished)
        where task.id = w.id and task.phase + 0 = w.if_phase and task.attempt = w.if_attempt and task.owner + 0 = w.if_owner
            and (w.if_token is null or task.token = w.if_token)
        returning task.id
        """;

    // What follows a row follows it only where the row carries the writer's token: written by this batch, or by the same
    // batch before its answer was lost.
    public const string InsertEdges =
        """
        insert into edge (up, down, kind, resolved)
        select w.up, w.down, w.kind, w.kind <> 0
        from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bigint[]) as w (up, down, kind, token)
        where exists (select from task where task.id = w.down and task.token = w.token)
        on conflict do nothing
        """;

    public const string InsertParts =
        """
        insert into part (task, token, ordinal, bytes)
        select w.task, w.token, w.ordinal, w.bytes
        from unnest($1::uuid[], $2::bigint[], $3::integer[], $4::bytea[]) as w (task, token, ordinal, bytes)
        where exists (select from task where task.id = w.task and task.token = w.token)
        on conflict do nothing
        """;

    /// <summary>Who holds the keys, and which of the ids exist: tells a taken key from a taken id.</summary>
    public const string FindHolders =
        """
        select key_id, id from task where key_id = any($1)
        union all
        select null, id from task where id = any($2)
        """;

    public const string Claim =
        $"""
        with ready as (
            select id from task
            where phase = 1 and due >= $1 and due <= (select store_now()) and handler = any($2)
            order by due, id
            limit $3
            for update skip locked),
        claimed as (
            update task
            set phase = 2, attempt = task.attempt + 1, owner = $4, token = $5, claimed = (select store_now())
            from ready where task.id = ready.id
            returning task.*)
        select {Columns} from claimed order by due, id
        """;

    public const string Resolve =
        """
        with unresolved as (
            select up, down from edge where up = any($1) and kind = 0 and not resolved order by down, up for update),
        resolved as (
            update edge set resolved = true
            from unresolved u where edge.down = u.down and edge.up = u.up and edge.kind = 0
            returning edge.down)
        select distinct down from resolved
        """;

    public const string LookAtDependencies =
        """
        with over as (
            select e.up, e.down from edge e
            where e.down = any($1) and e.kind = 0 and not e.resolved
                and not exists (select from task where task.id = e.up and task.phase + 0 < 3 offset 0)
            order by e.down, e.up
            for update of e)
        update edge set resolved = true
        from over where edge.down = over.down and edge.up = over.up and edge.kind = 0
        """;

    public const string Wake =
        """
        with ready as (
            select t.id from task t
            where t.id = any($1) and t.phase + 0 = 0
                and not exists (select from edge e where e.down = t.id and e.kind = 0 and not e.resolved offset 0)
            order by t.id
            for update of t)
        update task set phase = 1, due = greatest(task.due, (select store_now())), token = $2
        from ready where task.id = ready.id
        returning task.id
        """;

    public const string ListOwners =
        """
        with recursive known as (
            (select owner from task where phase = 2 order by owner limit 1)
            union all
            select (select owner from task where phase = 2 and owner > known.owner order by owner limit 1)
            from known where known.owner is not null)
        select owner from known where owner is not null
        """;

    public const string Edges =
        """
        select 0, up from edge where down = $1 and kind = 0
        union all
        select 1, down from edge where up = $1 and kind = 0
        union all
        select 2, down from edge where up = $1 and kind = 1
        """;

    /// <summary>Deletes the oldest rows of one final phase, given as a literal so that the index over final rows applies.</summary>
    public static string Purge(TaskPhase phase) =>
        $"""
        with old as (
            select t.id from task t
            where t.phase = {(int)phase} and t.finished < $1
                and not exists (
                    select from edge e join task d on d.id = e.down
                    where e.up = t.id and e.kind = 0 and d.phase + 0 < 3
                    offset 0)
            order by t.finished
            limit $2
            for update of t skip locked),
        gone as (delete from task using old where task.id = old.id returning task.id),
        parts as (delete from part using gone where part.task = gone.id),
        upstream as (delete from edge using gone where edge.down = gone.id),
        downstream as (delete from edge using gone where edge.up = gone.id)
        select count(*) from gone
        """;
}

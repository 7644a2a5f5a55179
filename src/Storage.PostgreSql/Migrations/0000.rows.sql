-- The rows of tasks, nodes, events and grain states. Ids of tasks are time-ordered UUIDs, times are microseconds since 1970
-- of this server's clock. A key that callers choose may hold what PostgreSQL's text cannot, and be longer than an index
-- entry can be: half of its SHA-256 is unique in its place, and its UTF-8 bytes are kept where it must be read back.

create function store_now() returns bigint
    language sql volatile parallel safe
    as $$ select (extract(epoch from clock_timestamp()) * 1000000)::bigint $$;

create table task (
    id uuid not null,
    phase smallint not null,
    attempt integer not null,
    owner bigint not null,
    token bigint not null,
    due bigint not null,
    created bigint not null,
    deadline bigint,
    finished bigint,
    handler text not null,
    spec bytea not null,
    life bytea not null,
    result bytea,
    key_id uuid,
    constraint task_pkey primary key (id)
);

-- Compression costs more time than the bytes are worth: a row lives for a day.
alter table task
    alter column spec set storage external,
    alter column life set storage external,
    alter column result set storage external;

-- Every write of a phase leaves a dead row and dead index entries: vacuum early, often, and without pauses.
alter table task set (
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_vacuum_insert_scale_factor = 0.1,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.1,
    toast.autovacuum_vacuum_threshold = 5000,
    toast.autovacuum_vacuum_scale_factor = 0.02,
    toast.autovacuum_vacuum_cost_delay = 0
);

create index task_queued on task (due, id) where phase = 1;
create index task_owned on task (owner, id) where phase = 2;
create index task_final on task (phase, finished) where phase >= 3;
create unique index task_key on task (key_id) where key_id is not null;

-- kind 0: "down" needs the result of "up"; kind 1: the handler of "up" submitted "down" (never unresolved).
create table edge (
    up uuid not null,
    down uuid not null,
    kind smallint not null,
    resolved boolean not null,
    constraint edge_pkey primary key (down, kind, up)
) with (
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 0
);

-- With the kind in the second place: without it, the planner would rather read the whole of the other index of a small table.
create index edge_up on edge (up, kind, down);

-- The parts of payloads that are too large for their row.
create table part (
    task uuid not null,
    token bigint not null,
    ordinal integer not null,
    bytes bytea not null,
    constraint part_pkey primary key (task, token, ordinal)
);

alter table part alter column bytes set storage external;

create table node (
    incarnation bigint not null,
    name text not null,
    phase smallint not null,
    joined bigint not null,
    lease_ends bigint not null,
    ended bigint,
    recovered bigint,
    info bytea not null,
    constraint node_pkey primary key (incarnation)
) with (
    fillfactor = 50,
    autovacuum_vacuum_threshold = 200,
    autovacuum_vacuum_scale_factor = 0.1
);

create table event (
    key_id uuid not null,
    key bytea not null,
    kind text not null,
    at bigint not null,
    token bigint not null,
    body bytea not null,
    constraint event_pkey primary key (key_id)
);

create index event_at on event (at, key_id);
create index event_kind on event (kind, at, key_id);

create table grain_state (
    key_id uuid not null,
    key bytea not null,
    token bigint not null,
    state bytea,
    constraint grain_state_pkey primary key (key_id)
) with (
    fillfactor = 70,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_cost_delay = 0
);

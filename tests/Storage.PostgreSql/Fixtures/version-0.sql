-- A database as version 0 left it: pg_dump --inserts --no-owner --schema='faulttolerance*', without settings of psql.
CREATE SCHEMA faulttolerance;
CREATE SCHEMA faulttolerance_orleans;
CREATE FUNCTION faulttolerance.store_now() RETURNS bigint
    LANGUAGE sql PARALLEL SAFE
    AS $$ select (extract(epoch from clock_timestamp()) * 1000000)::bigint $$;
CREATE TABLE faulttolerance.edge (
    up uuid NOT NULL,
    down uuid NOT NULL,
    kind smallint NOT NULL,
    resolved boolean NOT NULL
)
WITH (autovacuum_vacuum_threshold='5000', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_cost_delay='0');
CREATE TABLE faulttolerance.event (
    key_id uuid NOT NULL,
    key bytea NOT NULL,
    kind text NOT NULL,
    at bigint NOT NULL,
    token bigint NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE faulttolerance.grain_state (
    key_id uuid NOT NULL,
    key bytea NOT NULL,
    token bigint NOT NULL,
    state bytea
)
WITH (fillfactor='70', autovacuum_vacuum_threshold='1000', autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_cost_delay='0');
CREATE TABLE faulttolerance.node (
    incarnation bigint NOT NULL,
    name text NOT NULL,
    phase smallint NOT NULL,
    joined bigint NOT NULL,
    lease_ends bigint NOT NULL,
    ended bigint,
    recovered bigint,
    info bytea NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_threshold='200', autovacuum_vacuum_scale_factor='0.1');
CREATE TABLE faulttolerance.part (
    task uuid NOT NULL,
    token bigint NOT NULL,
    ordinal integer NOT NULL,
    bytes bytea NOT NULL
);
ALTER TABLE ONLY faulttolerance.part ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE faulttolerance.schema_version (
    number integer NOT NULL,
    migrated timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE faulttolerance.task (
    id uuid NOT NULL,
    phase smallint NOT NULL,
    attempt integer NOT NULL,
    owner bigint NOT NULL,
    token bigint NOT NULL,
    due bigint NOT NULL,
    created bigint NOT NULL,
    deadline bigint,
    finished bigint,
    handler text NOT NULL,
    spec bytea NOT NULL,
    life bytea NOT NULL,
    result bytea,
    key_id uuid
)
WITH (autovacuum_vacuum_threshold='5000', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_insert_threshold='50000', autovacuum_vacuum_insert_scale_factor='0.1', autovacuum_vacuum_cost_delay='0', autovacuum_analyze_threshold='5000', autovacuum_analyze_scale_factor='0.1', toast.autovacuum_vacuum_threshold='5000', toast.autovacuum_vacuum_scale_factor='0.02', toast.autovacuum_vacuum_cost_delay='0');
ALTER TABLE ONLY faulttolerance.task ALTER COLUMN spec SET STORAGE EXTERNAL;
ALTER TABLE ONLY faulttolerance.task ALTER COLUMN life SET STORAGE EXTERNAL;
ALTER TABLE ONLY faulttolerance.task ALTER COLUMN result SET STORAGE EXTERNAL;
INSERT INTO faulttolerance.edge VALUES ('019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000003', 0, true);
INSERT INTO faulttolerance.edge VALUES ('019a0000-0000-7000-8000-000000000002', '019a0000-0000-7000-8000-000000000003', 0, false);
INSERT INTO faulttolerance.edge VALUES ('019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002', 1, true);
INSERT INTO faulttolerance.event VALUES ('95f854a9-392f-aa5b-5545-cb7999768fbd', '\x6e6f64652f3737', 'incident', 1767225600000000, 5, '\x0a');
INSERT INTO faulttolerance.grain_state VALUES ('aebfc5f6-be82-e5f2-c4ff-7baee25ecbb1', '\x636f756e7465722f37', 9, '\x0102');
INSERT INTO faulttolerance.node VALUES (77, 'alpha', 1, 1767225600000000, 1767225610000000, NULL, NULL, '\x01');
INSERT INTO faulttolerance.part VALUES ('019a0000-0000-7000-8000-000000000001', 1001, 0, '\x0708');
INSERT INTO faulttolerance.part VALUES ('019a0000-0000-7000-8000-000000000001', 1001, 1, '\x09');
INSERT INTO faulttolerance.schema_version VALUES (0, '2026-01-01 00:00:00+00');
INSERT INTO faulttolerance.task VALUES ('019a0000-0000-7000-8000-000000000001', 3, 1, 0, 1001, 1767225600000000, 1767225600000000, NULL, 1767225605000000, 'files.digest@1', '\x0001', '\x02', '\x000102ff', 'c26d1aa1-a6ab-ffe4-8e03-26c52461f6f9');
INSERT INTO faulttolerance.task VALUES ('019a0000-0000-7000-8000-000000000002', 2, 2, 77, 1002, 1767225600000000, 1767225600000000, 1767312000000000, NULL, 'files.digest@1', '\x0001', '\x0203', NULL, NULL);
INSERT INTO faulttolerance.task VALUES ('019a0000-0000-7000-8000-000000000003', 0, 0, 0, 1003, 1767225600000000, 1767225600000000, NULL, NULL, 'files.merge@2', '\x00', '\x', NULL, NULL);
ALTER TABLE ONLY faulttolerance.edge
    ADD CONSTRAINT edge_pkey PRIMARY KEY (down, kind, up);
ALTER TABLE ONLY faulttolerance.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (key_id);
ALTER TABLE ONLY faulttolerance.grain_state
    ADD CONSTRAINT grain_state_pkey PRIMARY KEY (key_id);
ALTER TABLE ONLY faulttolerance.node
    ADD CONSTRAINT node_pkey PRIMARY KEY (incarnation);
ALTER TABLE ONLY faulttolerance.part
    ADD CONSTRAINT part_pkey PRIMARY KEY (task, token, ordinal);
ALTER TABLE ONLY faulttolerance.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (number);
ALTER TABLE ONLY faulttolerance.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);
CREATE INDEX edge_up ON faulttolerance.edge USING btree (up, kind, down);
CREATE INDEX event_at ON faulttolerance.event USING btree (at, key_id);
CREATE INDEX event_kind ON faulttolerance.event USING btree (kind, at, key_id);
CREATE INDEX task_final ON faulttolerance.task USING btree (phase, finished) WHERE (phase >= 3);
CREATE UNIQUE INDEX task_key ON faulttolerance.task USING btree (key_id) WHERE (key_id IS NOT NULL);
CREATE INDEX task_owned ON faulttolerance.task USING btree (owner, id) WHERE (phase = 2);
CREATE INDEX task_queued ON faulttolerance.task USING btree (due, id) WHERE (phase = 1);

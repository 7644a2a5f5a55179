-- When the newest attempt was claimed; and a walk over the few tasks that wait for others, past the many that are final.

alter table task add column claimed bigint;

create index task_waiting on task (id) where phase = 0;
create index task_unsuccessful on task (phase, id) where phase in (4, 5);

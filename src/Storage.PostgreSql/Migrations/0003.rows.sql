-- Which renewal of the lease was the newest: one that was stuck on the way must not put an older record over a newer one.

alter table node add column sequence bigint not null default 0;

-- Which renewal of the lease was the newest: one that was stuck on the way must not put an older record over a newer one.

alter table node add column sequence bigint not null default 0;

-- Whether a life was ended because it was proved gone: who records its incident after the one who proved it has died keeps to that.

alter table node add column proved_gone boolean;

-- Those nodes that somebody has to do with, past a long history: the living, the dead that are not recovered, and those that ended of late.

create index node_living on node (incarnation) where ended is null;
create index node_unrecovered on node (ended) where phase = 6 and recovered is null;
create index node_ended on node (ended) where ended is not null;

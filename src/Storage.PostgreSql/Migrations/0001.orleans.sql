-- What Orleans' ADO.NET providers for membership, gateways and reminders need. They read the texts in orleansquery once and
-- then issue those alone: keys, parameters and columns are their protocol, all else is ours. No function is needed, since
-- one statement can do what must happen together.

create table orleansquery (
    querykey text not null,
    querytext text not null,
    constraint orleansquery_key primary key (querykey)
);

create table orleansmembershipversiontable (
    deploymentid text not null,
    timestamp timestamptz(3) not null default now(),
    version integer not null default 0,
    constraint pk_orleansmembershipversiontable_deploymentid primary key (deploymentid)
);

create table orleansmembershiptable (
    deploymentid text not null,
    address text not null,
    port integer not null,
    generation integer not null,
    siloname text not null,
    hostname text not null,
    status integer not null,
    proxyport integer,
    suspecttimes text,
    starttime timestamptz(3) not null,
    iamalivetime timestamptz(3) not null,
    constraint pk_membershiptable_deploymentid primary key (deploymentid, address, port, generation),
    constraint fk_membershiptable_membershipversiontable_deploymentid
        foreign key (deploymentid) references orleansmembershipversiontable (deploymentid)
);

create table orleansreminderstable (
    serviceid text not null,
    grainid text not null,
    remindername text not null,
    starttime timestamptz(3) not null,
    period bigint not null,
    grainhash integer not null,
    version integer not null,
    constraint pk_reminderstable_serviceid_grainid_remindername primary key (serviceid, grainid, remindername)
);

create index orleansreminderstable_hash on orleansreminderstable (serviceid, grainhash);

insert into orleansquery (querykey, querytext) values
('InsertMembershipVersionKey', $query$
    with added as (
        insert into orleansmembershipversiontable (deploymentid) values (@DeploymentId)
        on conflict do nothing
        returning 1)
    select count(*)::integer from added
$query$),

-- The version's row is the lock of the whole table: whoever raises it is alone until the commit, so that what a writer saw
-- of the members is still so when its version matches.
('InsertMembershipKey', $query$
    with raised as (
        update orleansmembershipversiontable set timestamp = now(), version = version + 1
        where deploymentid = @DeploymentId and version = @Version
            and not exists (
                select from orleansmembershiptable
                where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning deploymentid),
    added as (
        insert into orleansmembershiptable
            (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        select deploymentid, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from raised
        returning 1)
    select count(*)::integer from added
$query$),

('UpdateMembershipKey', $query$
    with raised as (
        update orleansmembershipversiontable set timestamp = now(), version = version + 1
        where deploymentid = @DeploymentId and version = @Version
            and exists (
                select from orleansmembershiptable
                where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning deploymentid),
    changed as (
        update orleansmembershiptable as member
        set status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
        from raised
        where member.deploymentid = raised.deploymentid
            and address = @Address and port = @Port and generation = @Generation
        returning 1)
    select count(*)::integer from changed
$query$),

('UpdateIAmAlivetimeKey', $query$
    update orleansmembershiptable set iamalivetime = @IAmAliveTime
    where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$query$),

('MembershipReadRowKey', $query$
    select v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes,
        m.starttime, m.iamalivetime, v.version
    from orleansmembershipversiontable v
    left join orleansmembershiptable m
        on m.deploymentid = v.deploymentid and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.deploymentid = @DeploymentId
$query$),

('MembershipReadAllKey', $query$
    select v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes,
        m.starttime, m.iamalivetime, v.version
    from orleansmembershipversiontable v
    left join orleansmembershiptable m on m.deploymentid = v.deploymentid
    where v.deploymentid = @DeploymentId
$query$),

('DeleteMembershipTableEntriesKey', $query$
    delete from orleansmembershiptable where deploymentid = @DeploymentId;
    delete from orleansmembershipversiontable where deploymentid = @DeploymentId
$query$),

('CleanupDefunctSiloEntriesKey', $query$
    delete from orleansmembershiptable
    where deploymentid = @DeploymentId and iamalivetime < @IAmAliveTime and status <> 3
$query$),

('GatewaysQueryKey', $query$
    select address, proxyport, generation from orleansmembershiptable
    where deploymentid = @DeploymentId and status = @Status and proxyport > 0
$query$),

('UpsertReminderRowKey', $query$
    insert into orleansreminderstable as reminder (serviceid, grainid, remindername, starttime, period, grainhash, version)
    values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    on conflict (serviceid, grainid, remindername) do update
    set starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = reminder.version + 1
    returning version
$query$),

('ReadReminderRowKey', $query$
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName
$query$),

('ReadReminderRowsKey', $query$
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId
$query$),

('ReadRangeRows1Key', $query$
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and grainhash > @BeginHash and grainhash <= @EndHash
$query$),

('ReadRangeRows2Key', $query$
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and (grainhash > @BeginHash or grainhash <= @EndHash)
$query$),

('DeleteReminderRowKey', $query$
    with gone as (
        delete from orleansreminderstable
        where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName and version = @Version
        returning 1)
    select count(*)::integer from gone
$query$),

('DeleteReminderRowsKey', $query$
    delete from orleansreminderstable where serviceid = @ServiceId
$query$);

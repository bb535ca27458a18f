-- What operators have paused: the intake or the delivery of a sink, or of one partition; partition_id is empty for the
-- sink as a whole. A row whose time is up means nothing any more.
create table sluice.control (
    sink         text        not null,
    partition_id text        not null,
    flow         text        not null check (flow in ('intake', 'delivery')),
    drains       boolean     not null,
    since        timestamptz not null default clock_timestamp(),
    until        timestamptz,
    reason       text        not null,
    actor        text,
    primary key (sink, partition_id, flow)
);

-- Rises with every change. Whoever changes what is paused holds this row's lock.
create table sluice.control_revision (
    revision bigint not null
);

insert into sluice.control_revision (revision) values (0);

-- The last change that the process has seen: from then on it does as it says.
alter table sluice.replica add column control_revision bigint not null default 0;

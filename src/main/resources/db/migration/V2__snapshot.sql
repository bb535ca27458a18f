-- Rises with each deletion of the sink: what was sent in a former life must not be taken for the same again.
alter table sluice.snapshot add column life bigint not null default 0;

-- Of the sink's state after the receipt was committed: a writer that resumes there has to bring this very state.
alter table sluice.receipt add column state_hash bigint;

-- Processes that serve this database. One that has not been heard of for a while is taken for dead.
create table sluice.replica (
    id          text        not null primary key,
    alive_until timestamptz not null
);

-- Who is bringing a partition's records to a target outside the database, where no transaction is held meanwhile.
-- Read and written only under the lock of the partition's snapshot row.
create table sluice.claim (
    sink         text not null,
    partition_id text not null,
    replica      text not null,
    primary key (sink, partition_id)
);

-- Which offsets are settled, for partitions that take them in any order.
create table sluice.settled (
    sink         text           not null,
    partition_id text           not null,
    ranges       int8multirange not null,
    primary key (sink, partition_id)
);

-- One row a partition, written in the transaction that commits its records.
-- Updated with every batch: room on the page and no index on what changes keep the updates in place (HOT).
create table sluice.snapshot (
    sink             text        not null,
    partition_id     text        not null,
    next_offset      bigint      not null default 0 check (next_offset >= 0),
    delivered_offset bigint      check (delivered_offset between 0 and next_offset),
    fencing_token    bigint      not null default 0 check (fencing_token >= 0),
    version          bigint      not null default 0 check (version >= 0),
    state            json,
    owner            text,
    opened_at        timestamptz,
    updated_at       timestamptz,
    primary key (sink, partition_id)
) with (fillfactor = 50);

-- The ledger: what was committed, when, under which token, and the hash of each record.
-- record_hashes: 8 bytes a record, big-endian. record_offsets: the same for the offsets; null where they are
-- first_offset, first_offset + 1 and so on, without a hole. This line was not ASCII once, which a database in another
-- encoding refuses; so that its checksum stays the one that databases have recorded, it ends in: xekpkraa
create table sluice.receipt (
    sink           text        not null,
    partition_id   text        not null,
    first_offset   bigint      not null,
    end_offset     bigint      not null,
    fencing_token  bigint      not null,
    record_count   integer     not null,
    record_hashes  bytea       not null,
    record_offsets bytea,
    committed_at   timestamptz not null default now(),
    primary key (sink, partition_id, first_offset),
    check (first_offset >= 0 and first_offset < end_offset),
    check (octet_length(record_hashes) = 8 * record_count),
    check (octet_length(record_offsets) = 8 * record_count),
    check (record_offsets is not null or record_count = end_offset - first_offset)
);

-- Hashes do not compress, and trying costs more than it saves.
alter table sluice.receipt alter column record_hashes set storage external;

-- Pruning looks for old receipts; they lie in the table in the order of time.
create index receipt_committed_at on sluice.receipt using brin (committed_at);

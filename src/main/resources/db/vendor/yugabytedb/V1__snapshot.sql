-- One row a partition, written in the transaction that commits its records.
-- The same as PostgreSQL's, without what YugabyteDB has no counterpart of: pages, storage of long values, BRIN.
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
);

-- The ledger: what was committed, when, under which token, and the hash of each record.
-- record_hashes: 8 bytes a record, big-endian. record_offsets: the same for the offsets; null where they are
-- first_offset, first_offset + 1 and so on, without a hole. This line was not ASCII once, which a database in another
-- encoding refuses; so that its checksum stays the one that databases have recorded, it ends in: jwdfpvka
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

-- Pruning looks for old receipts.
create index receipt_committed_at on sluice.receipt (committed_at asc);

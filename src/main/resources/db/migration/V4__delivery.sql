-- Records that batching sinks have accepted and not delivered yet.
create table sluice.buffer (
    sink          text        not null,
    partition_id  text        not null,
    source_offset bigint      not null,
    data          bytea       not null,
    accepted_at   timestamptz not null default now(),
    primary key (sink, partition_id, source_offset)
);

-- What is waiting, and what is being delivered: [delivered_offset of the snapshot, intent_end). Once fixed, an intent is
-- repeated with the same bounds until the target has it. Guarded by the lock of the partition's snapshot row.
create table sluice.delivery (
    sink            text   not null,
    partition_id    text   not null,
    intent_end      bigint,
    backlog_records bigint not null default 0 check (backlog_records >= 0),
    backlog_bytes   bigint not null default 0 check (backlog_bytes >= 0),
    waiting_since   timestamptz,
    primary key (sink, partition_id)
) with (fillfactor = 50);

-- How many records are settled at and above records_from, dead letters among them. Where receipts do not tell how many a
-- rewind has taken away, the count begins anew there.
alter table sluice.snapshot add column records bigint not null default 0;
alter table sluice.snapshot add column records_from bigint not null default 0;
update sluice.snapshot set records_from = next_offset where next_offset > 0;

-- Records that a target refuses, settled all the same: with a receipt as any other, in the transaction that advances the
-- partition. record_number is the partition's count of records then, this one included.
create table sluice.dead_letter (
    sink          text        not null,
    partition_id  text        not null,
    source_offset bigint      not null,
    data          bytea       not null,
    hash          bigint      not null,
    code          text        not null,
    field         text,
    message       text        not null,
    hint          text,
    fencing_token bigint      not null,
    record_number bigint      not null,
    trace_id      text,
    refused_at    timestamptz not null default now(),
    edited        bytea,
    state         text        not null default 'open' check (state in ('open', 'sending', 'replayed', 'discarded')),
    revision      integer     not null default 0,
    tries         integer     not null default 1,
    last_message  text,
    sender        text,
    changed_by    text,
    changed_at    timestamptz,
    reason        text,
    primary key (sink, partition_id, source_offset)
);

-- For what is pruned, and for the share of dead letters among the latest records.
create index dead_letter_settled on sluice.dead_letter (changed_at) where state in ('replayed', 'discarded');
create index dead_letter_number on sluice.dead_letter (sink, partition_id, record_number);
create index dead_letter_open on sluice.dead_letter (sink, code, field, refused_at) where state in ('open', 'sending');

-- Records that an operator wants settled as dead letters when their target refuses them, whatever the definition says.
create table sluice.set_aside (
    sink          text        not null,
    partition_id  text        not null,
    source_offset bigint      not null,
    actor         text,
    reason        text        not null,
    at            timestamptz not null default now(),
    primary key (sink, partition_id, source_offset)
);

-- What is done to many dead letters, some at a time, by one replica; another one goes on where that is gone.
create table sluice.task (
    id           uuid        primary key,
    kind         text        not null,
    sink         text        not null,
    code         text,
    field        text,
    partition_id text,
    expected     bigint      not null,
    per_second   bigint,
    reason       text        not null,
    actor        text,
    from_address text,
    trace_id     text,
    state        text        not null check (state in ('running', 'done', 'cancelled', 'failed')),
    done         bigint      not null default 0,
    refused      bigint      not null default 0,
    at_partition text        not null default '',
    at_offset    bigint      not null default 0,
    message      text,
    replica      text        not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now()
);

create index task_running on sluice.task (state) where state = 'running';

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
    changed_by    text,
    changed_at    timestamptz,
    reason        text,
    primary key (sink, partition_id, source_offset)
);

create index dead_letter_open on sluice.dead_letter (sink, code, field, refused_at) where state in ('open', 'sending');

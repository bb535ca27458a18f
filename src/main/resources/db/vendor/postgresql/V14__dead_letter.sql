-- What is open lies apart from what is settled: whatever looks for open dead letters never passes by settled ones, of
-- which there may be millions, and settling one is a delete there and an insert at the end here. The state was in the
-- conditions of indexes before, so that each change made new entries in all of them, among the old ones.
drop index sluice.dead_letter_settled;
drop index sluice.dead_letter_number;
drop index sluice.dead_letter_open;
alter table sluice.dead_letter rename to dead_letter_before;
alter index sluice.dead_letter_pkey rename to dead_letter_before_pkey;

-- The state is in the key because PostgreSQL wants it there. A record is settled once, under the lock of its partition.
create table sluice.dead_letter (
    like sluice.dead_letter_before including defaults including constraints,
    primary key (sink, partition_id, source_offset, state)
) partition by list (state);
create table sluice.dead_letter_open partition of sluice.dead_letter for values in ('open', 'sending');
create table sluice.dead_letter_closed partition of sluice.dead_letter for values in ('replayed', 'discarded');

insert into sluice.dead_letter select * from sluice.dead_letter_before;
drop table sluice.dead_letter_before;

-- For the share of dead letters among the latest records.
create index dead_letter_number on sluice.dead_letter (sink, partition_id, record_number);
create index dead_letter_cause on sluice.dead_letter_open (sink, code, field, refused_at);

-- For what is pruned; they lie in the table in the order of time.
create index dead_letter_changed_at on sluice.dead_letter_closed using brin (changed_at);

-- What is left of dead letters that are pruned, as far as sums and comparisons with the target need it: discarded ones,
-- which the target lacks for ever, and those that were replayed as somebody has edited them.
create table sluice.dead_letter_gone (
    sink          text    not null,
    partition_id  text    not null,
    source_offset bigint  not null,
    discarded     boolean not null,
    primary key (sink, partition_id, source_offset)
);

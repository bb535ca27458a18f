-- Small batches of a partition that are committed together share a receipt: where they end, 8 bytes each, big-endian,
-- without the last one, which is end_offset; those above it were cut off. Null where it is one batch.
alter table sluice.receipt add column batch_ends bytea;

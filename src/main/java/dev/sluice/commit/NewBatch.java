package dev.sluice.commit;

/**
 * What is new of a batch.
 *
 * @param entry the batch
 * @param count how many records are new
 */
record NewBatch(BatchEntry entry, NewRecords records, long count) {}

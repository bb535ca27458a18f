package dev.sluice.commit;

/**
 * What is new of a batch.
 *
 * @param count how many records that are
 */
record NewBatch(NewRecords records, long count) {}

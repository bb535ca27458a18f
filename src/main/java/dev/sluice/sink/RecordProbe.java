package dev.sluice.sink;

import java.util.List;

/**
 * A {@link TransactionalPartition} that can tell, record by record, which ones its target refuses.
 *
 * @param <X> what is handed over for each record
 */
public interface RecordProbe<X> {

    /**
     * Tries each item behind those before it that passed, and returns those that the target refuses. What passes stays
     * for whatever is tried later in the transaction, by this partition or by another one of the sink.
     *
     * <p>Called after a write was rejected, in a transaction of its own that is rolled back whatever happens.
     */
    List<RejectedRecord> probe(List<X> items);
}

package dev.sluice.catalog;

import java.util.Optional;

/**
 * Whoever keeps rows for each sink besides snapshots and receipts. Every bean of this type is asked, in the transaction
 * that deletes a sink and with all its partitions' rows locked.
 */
public interface SinkData {

    /** Returns why deleting the sink would lose something, as "1200 records are accepted but not delivered yet". */
    Optional<String> reasonToKeep(String sink);

    /** Removes all that is kept for the sink; returns how many acknowledged records are lost with it. */
    long forget(String sink);
}

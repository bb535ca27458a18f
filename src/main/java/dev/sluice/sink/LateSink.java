package dev.sluice.sink;

/**
 * A sink outside the database that can be brought one record of a batch which is settled without it, later and by itself:
 * a dead letter that is replayed.
 */
public interface LateSink {

    /**
     * Brings a record to the target; on return it has arrived. Repeated with the same revision after an outcome that was
     * unknown, so the target has to take both for one.
     *
     * @param stepId the sink's id
     * @param life the partition's, as {@link FencedPartition#fence} tells it
     * @param revision of what is sent for this offset
     * @throws SinkException if it has not, or if that is not known
     */
    void sendLate(String stepId, String forPart, long life, SinkRecord record, int revision);
}

package dev.sluice.sink;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A sink with a fixed list of partitions, each of which can be resumed from its last snapshot.
 *
 * <p>The service keeps, for each partition, the offsets that are committed and the sink's own resume state, and stores
 * both in one transaction. After a restart, a failure or a write by another replica it builds the partition anew from
 * the stored state; whatever a partition knows, it knows from there. The interface is that of Bytewax's
 * {@code FixedPartitionedSink}.
 *
 * @param <X> what a partition is handed for each record: {@link SinkRecord}, or a type of the sink's own
 * @param <S> the resume state: a record (or another type that Jackson maps) of at most 64 KiB as JSON, immutable and
 *     with a version number of its own; {@link Void} if there is none
 */
public non-sealed interface FixedPartitionedSink<X, S> extends Sink {

    /** Lists the partitions in the order that {@link #partFn} counts in; the same list on every call and replica. */
    List<String> listParts();

    /**
     * Picks the partition of a key: taken as an unsigned number modulo the number of partitions, the index into
     * {@link #listParts}.
     *
     * <p>Must give the same answer for ever. CRC-32C of the key's UTF-8 bytes unless overridden.
     */
    default int partFn(String itemKey) {
        CRC32C crc = new CRC32C();
        crc.update(itemKey.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /**
     * Whether all its partitions are {@link TransactionalPartition transactional} and cheap to build, so that keyed
     * records for several of them can be committed in one transaction.
     */
    default boolean transactional() {
        return false;
    }

    /**
     * Whether a keyed record whose value is null is to come as its key, a JSON string: a tombstone says by its key what is
     * gone.
     */
    default boolean takesKeysOfTombstones() {
        return false;
    }

    /**
     * Whether batches that wait for different partitions may be committed in one transaction.
     *
     * <p>Say so where no partition keeps the others waiting: where partitions are quick to build, and either
     * {@link OutboundPartition}, {@link FlushedPartition} on one disk, or written by a {@link JointSink}.
     */
    default boolean groups() {
        return false;
    }

    /** Returns the class of the resume state, for reading it back from JSON. */
    Class<S> stateType();

    /**
     * Turns a record into what the partition is handed.
     *
     * <p>Called inside the batch's transaction, right before {@link StatefulSinkPartition#writeBatch}.
     */
    X decode(SinkRecord record);

    /**
     * Throws {@link SinkException#rejected} for a record that this sink can never accept.
     *
     * <p>Called as soon as the record has arrived, before anything is locked, so that a bad record never holds up its
     * partition; unless {@link #checksAsItWrites}. By default tries {@link #decode}.
     */
    default void check(SinkRecord record) {
        decode(record);
    }

    /**
     * Whether writers' records need not be checked on arrival now: whoever writes them refuses whatever {@link #check}
     * does, and has found nothing to refuse of late. What is refused so fails the transaction; then {@link #check} tells of
     * all records of the batch. By default all are checked.
     */
    default boolean checksAsItWrites() {
        return false;
    }

    /** Whether {@link #makeRoom} may have a record accepted that {@link #check} refuses; by default it may not. */
    default boolean makesRoomFor(RejectedRecord refused) {
        return false;
    }

    /**
     * Changes the target so that it can take what these records bring.
     *
     * <p>Called after {@link #check} has refused some of them for a reason that {@link #makesRoomFor} knows, before
     * anything is locked; not on dry runs. Then they are checked again.
     */
    default void makeRoom(Iterable<SinkRecord> records) {}

    /**
     * Throws {@link LostTargetException} if what a partition had at {@code state} is not there any more.
     *
     * <p>Called with the partition's row locked before a repetition is acknowledged, whether the partition is built or
     * not: a record that is gone is no duplicate. Cheap, writes nothing; by default there is nothing to look at.
     */
    default void inspect(String forPart, @Nullable S state) {}

    /**
     * Builds a partition that continues where {@code resumeState} was taken.
     *
     * <p>The state is null when the partition has never been written; a null state is not an empty target: what is
     * found there was put there by somebody else and must not be erased. Unless the partition is
     * {@link TransactionalPartition transactional}, the state that it gives right after it was built from null is
     * committed before its first write. Whatever the target holds beyond a state was never acknowledged and is to be
     * removed.
     *
     * @param stepId the sink's id
     * @param forPart one of {@link #listParts}
     */
    StatefulSinkPartition<X, S> buildPart(String stepId, String forPart, @Nullable S resumeState);
}

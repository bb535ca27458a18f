package dev.sluice.snapshot;

import dev.sluice.snapshot.ReceiptStore.Above;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition stands: one row, written in the transaction that commits the records.
 *
 * @param nextOffset exclusive end of what is committed
 * @param deliveredOffset exclusive end of what has reached the target, where that is another thing
 * @param fencingToken the current writer's number; 0 if the partition was never opened
 * @param version rises by one with each committed batch, open or rewind
 * @param state the sink's resume state as JSON text
 * @param owner who holds the fencing token
 * @param openedBy the name of the {@link dev.sluice.access.Identity} whose it is; null where anybody's who may write
 * @param openedAt when the fencing token was raised
 * @param updatedAt when the partition was last written to, opened or forgotten
 * @param life rises with each deletion of the sink; 0 in its first life
 * @param records how many records are settled at and above {@code recordsFrom}, dead letters among them
 * @param recordsFrom where they are counted from: 0, unless receipts did not tell what a rewind had taken away
 */
public record Snapshot(
        long nextOffset,
        @Nullable Long deliveredOffset,
        long fencingToken,
        long version,
        @Nullable String state,
        @Nullable String owner,
        @Nullable String openedBy,
        @Nullable Instant openedAt,
        @Nullable Instant updatedAt,
        long life,
        long records,
        long recordsFrom) {

    /* Written by the incarnation itself; no writer holds the token then. */
    private static final Pattern INCARNATION = Pattern.compile("\\(incarnation (\\d+) of the database\\)");

    /** The snapshot of a partition to which nothing was ever written. */
    public static final Snapshot EMPTY = new Snapshot(0, null, 0, 0, null, null, null, null, null, 0, 0, 0);

    /** Whether a writer has opened the partition, so that batches need its token. */
    public boolean opened() {
        return fencingToken > 0;
    }

    /** Whether the fencing token is somebody else's than this sender's, who is null where nobody has to say who they are. */
    public boolean isOpenedByAnother(@Nullable String sender) {
        return sender != null && openedBy != null && !openedBy.equals(sender);
    }

    /** Whether something was written to the partition, or somebody has opened it, since its sink was last deleted. */
    public boolean used() {
        return version > 0 && (fencingToken == 0 || openedAt != null);
    }

    /** Returns the number of the database's incarnation that has voided the last writer's token; empty if none has. */
    public Optional<Long> voidedBy() {
        Matcher matcher = INCARNATION.matcher(owner == null ? "" : owner);
        return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** Whether no batch was committed since the partition began or was last opened. */
    public boolean beforeItsFirstBatch() {
        return Objects.equals(openedAt, updatedAt);
    }

    /**
     * Whether both say the same of the target. A version alone does not tell: a database that has lost its latest
     * commits, as an asynchronous standby has, gives the same number again to something else.
     */
    public boolean standsWhere(Snapshot other) {
        return version == other.version && Objects.equals(state, other.state);
    }

    /** Returns the snapshot after {@code batches} more were committed, with {@code more} records. */
    public Snapshot advanced(long toOffset, @Nullable String newState, long batches, long more) {
        return new Snapshot(
                toOffset,
                deliveredOffset,
                fencingToken,
                version + batches,
                newState,
                owner,
                openedBy,
                openedAt,
                updatedAt,
                life,
                records + more,
                recordsFrom);
    }

    /**
     * Returns the snapshot after everything at and above {@code toOffset} was taken away.
     *
     * @param gone what receipts tell of that
     */
    public Snapshot takenBack(long toOffset, @Nullable String newState, Above gone) {
        boolean counted = toOffset >= recordsFrom && gone.complete();
        return new Snapshot(
                toOffset,
                deliveredOffset,
                fencingToken,
                version,
                newState,
                owner,
                openedBy,
                openedAt,
                updatedAt,
                life,
                counted ? records - gone.records() : 0,
                counted ? recordsFrom : toOffset);
    }
}

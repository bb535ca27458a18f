package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A record that its target has refused.
 *
 * @param code SQLSTATE, HTTP status or a code of the sink's own
 * @param field the column or field at fault, where known
 * @param bytes of the record as it was received
 * @param fencingToken the partition's when it was refused
 * @param revision rises with each edit and each change of the state
 * @param tries how often it was refused
 * @param lastMessage why it was refused when it was last replayed
 * @param changedBy who has changed it last
 * @param reason of whoever that was
 * @param record as it was received; null in lists
 * @param edited what is replayed in its place; null in lists and where nobody has edited it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeadLetter(
        String sink,
        String partition,
        long offset,
        String state,
        String code,
        @Nullable String field,
        String message,
        @Nullable String hint,
        long bytes,
        Instant refusedAt,
        long fencingToken,
        int revision,
        int tries,
        @Nullable String lastMessage,
        @Nullable String changedBy,
        @Nullable Instant changedAt,
        @Nullable String reason,
        @Nullable String traceId,
        @JsonRawValue @Nullable String record,
        @JsonRawValue @Nullable String edited) {

    /** Returns what tells it, as it is now, from any other, also from one that was refused here before a rewind. */
    String etag() {
        return etag(revision);
    }

    String etag(int atRevision) {
        return atRevision + "-" + Long.toHexString(ChronoUnit.MICROS.between(Instant.EPOCH, refusedAt));
    }
}

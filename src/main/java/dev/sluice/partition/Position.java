package dev.sluice.partition;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.snapshot.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition stands, as the trail of audit keeps it: without the sink's state, which may be large.
 *
 * @param openedBy the name of whose the fencing token is, absent where that is nobody in particular
 * @param since when the fencing token was raised
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Position(
        long nextOffset,
        @Nullable Long deliveredOffset,
        long fencingToken,
        long version,
        @Nullable String owner,
        @Nullable String openedBy,
        @Nullable Instant since) {

    static Position of(Snapshot snapshot) {
        return new Position(
                snapshot.nextOffset(),
                snapshot.deliveredOffset(),
                snapshot.fencingToken(),
                snapshot.version(),
                snapshot.owner(),
                snapshot.openedBy(),
                snapshot.openedAt());
    }
}

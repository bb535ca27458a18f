package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.sluice.snapshot.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A snapshot as writers see it, and hand it back to resume from. */
record SnapshotAnswer(
        String sink,
        String partition,
        long nextOffset,
        @Nullable Long deliveredOffset,
        long fencingToken,
        long version,
        @JsonRawValue @Nullable String state,
        @Nullable String owner,
        @Nullable Instant updatedAt) {

    static SnapshotAnswer of(String sink, String partition, Snapshot snapshot) {
        return new SnapshotAnswer(
                sink,
                partition,
                snapshot.nextOffset(),
                snapshot.deliveredOffset(),
                snapshot.fencingToken(),
                snapshot.version(),
                snapshot.state(),
                snapshot.owner(),
                snapshot.updatedAt());
    }
}

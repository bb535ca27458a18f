package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.delivery.AcceptingSink;
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

    static SnapshotAnswer of(SinkDefinition sink, String partition, Snapshot snapshot) {
        return new SnapshotAnswer(
                sink.id(),
                partition,
                snapshot.nextOffset(),
                delivered(sink, snapshot.deliveredOffset()),
                snapshot.fencingToken(),
                snapshot.version(),
                snapshot.state(),
                snapshot.owner(),
                snapshot.updatedAt());
    }

    /** Returns how far the target is; null where a commit means that it is there. */
    static @Nullable Long delivered(SinkDefinition sink, @Nullable Long offset) {
        if (!(sink.sink() instanceof AcceptingSink)) {
            return null;
        }
        return offset == null ? Long.valueOf(0) : offset;
    }
}

package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.snapshot.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as writers see it, and hand it back to resume from.
 *
 * @param openedBy whose the fencing token is, where somebody has said who they are
 * @param children where the sinks of a fan-out stand; null of any other
 */
record SnapshotAnswer(
        String sink,
        String partition,
        long nextOffset,
        @Nullable Long deliveredOffset,
        long fencingToken,
        long version,
        @JsonRawValue @Nullable String state,
        @Nullable String owner,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String openedBy,
        @Nullable Instant updatedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Child> children) {

    /** A sink of a fan-out; beyond the fan-out's own next offset it has what was never acknowledged. */
    record Child(String sink, String partition, long nextOffset) {}

    static SnapshotAnswer of(SinkDefinition sink, String partition, Snapshot snapshot) {
        return of(sink, partition, snapshot, Map.of());
    }

    /** Makes the answer with where the sinks of a fan-out stand; of any other there are none. */
    static SnapshotAnswer of(SinkDefinition sink, String partition, Snapshot snapshot, Map<String, Long> children) {
        return new SnapshotAnswer(
                sink.id(),
                partition,
                snapshot.nextOffset(),
                delivered(sink, snapshot.deliveredOffset()),
                snapshot.fencingToken(),
                snapshot.version(),
                snapshot.state(),
                snapshot.owner(),
                snapshot.openedBy(),
                snapshot.updatedAt(),
                children.isEmpty()
                        ? null
                        : children.entrySet().stream()
                                .map(child -> new Child(child.getKey(), partition, child.getValue()))
                                .toList());
    }

    /** Returns how far the target is; null where a commit means that it is there. */
    static @Nullable Long delivered(SinkDefinition sink, @Nullable Long offset) {
        if (!(sink.sink() instanceof AcceptingSink)) {
            return null;
        }
        return offset == null ? Long.valueOf(0) : offset;
    }
}

package dev.sluice.delivery;

import dev.sluice.request.Spans.Recorded;
import dev.sluice.request.Trace;
import dev.sluice.request.Work;
import dev.sluice.snapshot.PartitionKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trace of one delivery, which is none of the requests' whose records it carries. */
final class DeliveryTrace {

    private final @Nullable Recorded span;
    private final Trace trace;

    DeliveryTrace(@Nullable Recorded span) {
        this.span = span;
        this.trace = span == null ? Trace.of(null) : span.trace();
    }

    Trace trace() {
        return trace;
    }

    /** Returns what a thread works on that has to do with it. */
    Work work(PartitionKey key) {
        return Work.of(trace, key.sink(), key.partition());
    }

    /** Ends it. */
    void end(Parcel parcel, @Nullable Throwable failure) {
        if (span != null) {
            span.end(
                    Map.of(
                            "sink", parcel.key().sink(),
                            "partition", parcel.key().partition(),
                            "first", Long.toString(parcel.intent().from()),
                            "count", Integer.toString(parcel.records().size()),
                            "outcome", failure == null ? "delivered" : "failed"),
                    failure);
        }
    }
}

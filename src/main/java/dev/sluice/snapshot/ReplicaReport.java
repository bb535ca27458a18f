package dev.sluice.snapshot;

import org.jspecify.annotations.Nullable;

/** What the other replicas are to know of this one: it goes with a sign of life. */
public interface ReplicaReport {

    /** Returns JSON that it is time to tell, null while it is not. Asked by one thread, about once a second. */
    @Nullable
    String due();
}

package dev.sluice.commit;

import dev.sluice.sink.SinkException;
import org.jspecify.annotations.Nullable;

/** Something other than the batch itself kept a partition from answering; thrown, because no caller can go on. */
public class PartitionFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What failed. */
    public enum Kind {
        /** The partition has more to do than its bounds allow, or another replica holds it. */
        BUSY,
        /** The service as a whole has more to do than its bounds allow. */
        OVERLOADED,
        /** The database cannot be reached or not written to. Nothing was committed. */
        STORAGE_UNAVAILABLE,
        /** The target cannot be reached or not written to. Nothing was committed. */
        TARGET_UNAVAILABLE,
        /** Some of the sinks that this one is made of lack the batch. */
        PARTIAL,
        /** The commit was sent, and nobody knows what became of it. */
        OUTCOME_UNKNOWN,
        /** The target is not what the snapshot says; somebody has to look at it. */
        TARGET_BROKEN,
        /** A mistake in the service or in a sink. Nothing was committed. */
        INTERNAL
    }

    private final Kind kind;

    PartitionFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    PartitionFailure(Kind kind, SinkException cause) {
        this(kind, String.valueOf(cause.getMessage()), cause);
    }

    /** Returns what the target said, null if it was not the target that failed. */
    public @Nullable SinkException target() {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SinkException said) {
                return said;
            }
        }
        return null;
    }

    /** Returns what failed. */
    public Kind kind() {
        return kind;
    }
}

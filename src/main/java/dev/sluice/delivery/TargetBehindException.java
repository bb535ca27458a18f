package dev.sluice.delivery;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;

/** A batch was handed on to a partition that lacks records before it. */
public final class TargetBehindException extends SinkException {

    private static final long serialVersionUID = 1;

    private final long nextOffset;

    /** Makes one for a partition that stands at {@code nextOffset}. */
    public TargetBehindException(long nextOffset, String message) {
        super(Disposition.BROKEN, message, null);
        this.nextOffset = nextOffset;
    }

    /** Returns where the partition stands. */
    public long nextOffset() {
        return nextOffset;
    }
}

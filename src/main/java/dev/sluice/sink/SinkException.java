package dev.sluice.sink;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink's one way to fail: the message says what happened at the target, the disposition what the writer may do. */
public class SinkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Disposition disposition;
    private final transient List<RejectedRecord> rejected;
    private final @Nullable Duration retryAfter;

    /** Makes an exception for a failure that is no record's fault. */
    public SinkException(Disposition disposition, String message, @Nullable Throwable cause) {
        this(disposition, message, null, cause);
    }

    /**
     * Makes an exception for a failure that is no record's fault and that should not be tried again before some time
     * has passed.
     */
    public SinkException(
            Disposition disposition, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.disposition = disposition;
        this.rejected = List.of();
        this.retryAfter = retryAfter;
    }

    private SinkException(String message, List<RejectedRecord> rejected, @Nullable Throwable cause) {
        super(message, cause);
        this.disposition = Disposition.REJECTED;
        this.rejected = List.copyOf(rejected);
        this.retryAfter = null;
    }

    /** Makes the exception for records that the target refuses. */
    public static SinkException rejected(List<RejectedRecord> records) {
        return new SinkException(describe(records), records, null);
    }

    /**
     * Makes the exception for a batch that the target refuses without saying which records it means; a partition
     * that throws it should implement {@link RecordProbe}.
     */
    public static SinkException rejected(String message, @Nullable Throwable cause) {
        return new SinkException(message, List.of(), cause);
    }

    private static String describe(List<RejectedRecord> records) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a rejection names at least one record");
        }
        RejectedRecord first = records.get(0);
        return "record at offset " + first.offset() + " was refused: " + first.message();
    }

    /** Returns what the failure means for the writer. */
    public Disposition disposition() {
        return disposition;
    }

    /** Returns the refused records; empty unless rejected, or where the target did not say which. */
    public List<RejectedRecord> rejected() {
        return rejected;
    }

    /** Returns how long the target wants to be left alone, null if it did not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}

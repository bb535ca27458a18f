package dev.sluice.deadletter;

import dev.sluice.deadletter.NewDeadLetters.Letter;
import dev.sluice.sink.RejectedRecord;
import java.util.List;

/** Refused records would have become dead letters, but these are too many by now. The message names the bound. */
public class DeadLetterLimitException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String partition;
    private final transient List<RejectedRecord> refused;

    DeadLetterLimitException(String bound, NewDeadLetters batch) {
        super(bound, null, false, false);
        this.partition = batch.partition();
        this.refused = batch.letters().stream().map(Letter::why).toList();
    }

    /** Returns the partition that they are of. */
    public String partition() {
        return partition;
    }

    /** Returns the records that are not settled. */
    public List<RejectedRecord> refused() {
        return refused;
    }
}

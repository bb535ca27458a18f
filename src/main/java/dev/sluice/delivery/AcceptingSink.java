package dev.sluice.delivery;

import java.time.Duration;

/** A sink whose commit means "accepted": its records reach their target later. */
public interface AcceptingSink {

    /** Returns the id of the sink that the records go to. */
    String target();

    /** Returns how many records of a partition may wait; a batch that has more can never be accepted. */
    long maxBacklog();

    /** Returns how long a record waits for others at most. */
    Duration flushInterval();
}

package dev.sluice.delivery;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What whoever deletes a sink has to know of its buffer. */
@Repository
public class Buffers {

    private final BufferStore buffer;

    Buffers(JdbcClient jdbc) {
        this.buffer = new BufferStore(jdbc);
    }

    /** Returns the number of records that a sink has accepted and not delivered yet. */
    public long waiting(String sink) {
        return buffer.waiting(sink);
    }

    /** Forgets what a sink has accepted; returns how many records of it were not delivered yet. */
    public long forget(String sink) {
        long waiting = buffer.waiting(sink);
        buffer.forget(sink);
        return waiting;
    }
}

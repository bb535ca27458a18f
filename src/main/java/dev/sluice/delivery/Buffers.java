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

    /** Forgets what a sink has accepted. */
    public void forget(String sink) {
        buffer.forget(sink);
    }
}

package dev.sluice.delivery;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What whoever deletes a sink has to know of its buffer. */
@Repository
public class Buffers {

    /**
     * What is accepted and not delivered yet.
     *
     * @param partitions in which something is; it may be holes only
     */
    public record Left(long partitions, long records) {

        /** Whether all is delivered. */
        public boolean nothing() {
            return partitions == 0;
        }
    }

    private final BufferStore buffer;

    Buffers(JdbcClient jdbc) {
        this.buffer = new BufferStore(jdbc);
    }

    /** Returns the number of records that a sink has accepted and not delivered yet. */
    public long waiting(String sink) {
        return buffer.waiting(sink);
    }

    /** Returns what a sink, or one of its partitions, has accepted and not delivered yet. */
    public Left left(String sink, @Nullable String partition) {
        return buffer.left(sink, partition);
    }

    /** Forgets what a sink has accepted; returns how many records of it were not delivered yet. */
    public long forget(String sink) {
        long waiting = buffer.waiting(sink);
        buffer.forget(sink);
        return waiting;
    }
}

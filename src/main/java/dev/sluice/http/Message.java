package dev.sluice.http;

import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import java.nio.ByteBuffer;

/**
 * A batch on its way; the same in each try.
 *
 * @param what the batch, in words
 * @param key the Idempotency-Key
 */
record Message(Place address, String what, String key, SinkBatch<SinkRecord> batch, ByteBuffer body) {

    /** Returns where it goes to, as it may be shown. */
    String where() {
        return address.toString();
    }
}

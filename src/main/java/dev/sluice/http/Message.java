package dev.sluice.http;

import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;

/**
 * A batch on its way; the same in each try.
 *
 * @param what the batch, in words
 * @param key the Idempotency-Key
 */
record Message(URI uri, String what, String key, SinkBatch<SinkRecord> batch, BodyPublisher body) {

    /** Returns where it goes to, as it may be shown. */
    String where() {
        return Address.shown(uri);
    }
}

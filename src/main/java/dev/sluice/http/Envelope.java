package dev.sluice.http;

import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a request's body looks like. The bytes of a record are sent as they came. */
enum Envelope {
    /** <code>{"events":[v,v]}</code>. */
    EVENTS("application/json"),
    /** {@code [v,v]}. */
    ARRAY("application/json"),
    /** One value on each line. */
    NDJSON("application/x-ndjson"),
    /** Sluice's own protocol, offsets included, for another Sluice's partition. */
    SLUICE("application/json");

    private final String contentType;

    Envelope(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** Whether a batch without records has something to say: that its offsets are settled. */
    boolean tellsOffsets() {
        return this == SLUICE;
    }

    ByteBuffer body(SinkBatch<SinkRecord> batch) {
        Body body = new Body(batch);
        switch (this) {
            case EVENTS -> body.text("{\"events\":").array(batch).text("}");
            case ARRAY -> body.array(batch);
            case NDJSON -> batch.items().forEach(body::line);
            case SLUICE ->
                body.text("{").range(batch).text("\"records\":").array(batch).text("}");
        }
        return body.bytes();
    }

    /** A body as one array, which can be sent again; published record by record, each would be a packet. */
    private static final class Body extends ByteArrayOutputStream {

        private static final int AROUND_A_RECORD = 21;

        Body(SinkBatch<SinkRecord> batch) {
            super((int) Math.min(
                    Integer.MAX_VALUE / 2,
                    batch.items().stream()
                            .mapToLong(item -> (long) item.length() + AROUND_A_RECORD)
                            .reduce(100, Long::sum)));
        }

        Body text(String text) {
            writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Body array(SinkBatch<SinkRecord> batch) {
            char before = '[';
            for (SinkRecord item : batch.items()) {
                write(before);
                value(item);
                before = ',';
            }
            return text(before == '[' ? "[]" : "]");
        }

        Body range(SinkBatch<SinkRecord> batch) {
            if (batch.end() - batch.first() == batch.items().size()) {
                return text("\"offset\":" + batch.first() + ",");
            }
            text("\"first\":" + batch.first() + ",\"end\":" + batch.end() + ",\"offsets\":");
            char before = '[';
            for (SinkRecord item : batch.items()) {
                text(before + Long.toString(item.offset()));
                before = ',';
            }
            return text(before == '[' ? "[]," : "],");
        }

        private void value(SinkRecord item) {
            try {
                item.writeTo(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /* A line break in a valid record is white space between tokens. */
        private void line(SinkRecord item) {
            for (int i = 0; i < item.length(); i++) {
                byte b = item.byteAt(i);
                write(b == '\r' || b == '\n' ? ' ' : b);
            }
            write('\n');
        }

        private ByteBuffer bytes() {
            return ByteBuffer.wrap(buf, 0, count).asReadOnlyBuffer();
        }
    }
}

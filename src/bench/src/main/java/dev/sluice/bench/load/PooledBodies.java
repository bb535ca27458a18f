package dev.sluice.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Generated records, outside the heap so that sending copies them once only. */
final class PooledBodies implements Bodies {

    private final Pool pool;
    private final ByteBuffer[] bodies;

    PooledBodies(LoadOptions options) throws IOException {
        pool = new Pool(options.batch(), options.recordBytes());
        Records records = new Records(options.recordBytes());
        bodies = new ByteBuffer[pool.batches()];
        for (int i = 0; i < bodies.length; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(options.batch() * (options.recordBytes() + 16));
            try (OutputStream out = options.gzip() ? new GZIPOutputStream(bytes, 8_192) : bytes) {
                write(options, records, i, out);
            }
            bodies[i] = ByteBuffer.allocateDirect(bytes.size())
                    .put(bytes.toByteArray())
                    .flip();
        }
    }

    private static void write(LoadOptions options, Records records, int index, OutputStream out) throws IOException {
        if (options.json()) {
            out.write('[');
        }
        for (int j = 0; j < options.batch(); j++) {
            if (j > 0 && options.json()) {
                out.write(',');
            }
            long number = (long) index * options.batch() + j;
            if (options.keyed()) {
                out.write(("{\"key\":\"key-" + number + "\",\"value\":").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(records.record(number));
            if (options.keyed()) {
                out.write('}');
            }
            if (!options.json()) {
                out.write('\n');
            }
        }
        if (options.json()) {
            out.write(']');
        }
    }

    @Override
    public ByteBuffer body(int partition, long offset) {
        return bodies[pool.indexOf(offset)].duplicate();
    }
}

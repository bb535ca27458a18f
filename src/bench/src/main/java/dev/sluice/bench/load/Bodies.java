package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bodies of all requests, made before the first is sent. */
interface Bodies {

    /** Returns the batch of the partition that begins at this offset, to be read once. */
    ByteBuffer body(int partition, long offset);

    /** How many batches there are for a partition until they begin again; the largest number where nobody counts. */
    default long batches(int partition) {
        return Long.MAX_VALUE;
    }

    static Bodies of(LoadOptions options) throws IOException {
        return options.file().isEmpty() ? new PooledBodies(options) : new FileBodies(options);
    }
}

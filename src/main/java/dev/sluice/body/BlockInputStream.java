package dev.sluice.body;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream whose bytes all pass through {@link #read(byte[], int, int)}, where they can be counted. */
abstract class BlockInputStream extends FilterInputStream {

    BlockInputStream(InputStream in) {
        super(in);
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public abstract int read(byte[] into, int start, int length) throws IOException;
}

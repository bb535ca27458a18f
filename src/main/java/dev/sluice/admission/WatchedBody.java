package dev.sluice.admission;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body as it comes from the network, counted. */
final class WatchedBody extends FilterInputStream {

    private final Place place;

    WatchedBody(InputStream in, Place place) {
        super(in);
        this.place = place;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int start, int length) throws IOException {
        int read = in.read(into, start, length);
        if (read > 0) {
            place.count(read);
        }
        return read;
    }
}

package dev.sluice.body;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/** A body as it comes from the network: counted, and not for ever. */
final class Arrival extends BlockInputStream {

    private final LimitProperties limits;
    private final long startedAt = System.nanoTime();
    private long bytes;

    Arrival(InputStream body, LimitProperties limits) {
        super(body);
        this.limits = limits;
    }

    /** Returns the bytes that have arrived, before decompression. */
    long bytes() {
        return bytes;
    }

    @Override
    public int read(byte[] into, int start, int length) {
        int read;
        try {
            read = in.read(into, start, length);
        } catch (IOException e) {
            if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
                throw tooSlow("nothing has come for a while after " + bytes + " bytes");
            }
            throw Problem.of(
                            ProblemType.MALFORMED_BATCH,
                            "the body broke off after " + bytes + " bytes (" + e.getMessage()
                                    + "); nothing was written: send the whole batch again")
                    .exception();
        }
        if (read > 0) {
            bytes += read;
            long allowedMillis = limits.readDeadline().toMillis()
                    + bytes * 1000 / limits.readRate().toBytes();
            if (System.nanoTime() - startedAt > allowedMillis * 1_000_000) {
                throw tooSlow(bytes + " bytes took more than " + allowedMillis + " ms");
            }
        }
        return read;
    }

    /* The request is the container's: it goes on with the connection. */
    @Override
    public void close() {
        // nothing of ours
    }

    private RuntimeException tooSlow(String what) {
        return Problem.of(
                        ProblemType.REQUEST_TIMEOUT,
                        what + "; nothing was written. Send smaller batches or faster (sluice.limits.read-deadline="
                                + limits.readDeadline() + ", sluice.limits.read-rate=" + limits.readRate() + ")")
                .exception();
    }
}

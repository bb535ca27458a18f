package dev.sluice.body;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body after decompression: bounded in size, and in what it makes of what has arrived. To be closed: what decompresses
 * may hold memory that no garbage collection gives back.
 */
public final class Decompression extends BlockInputStream {

    private static final int BUFFER = 64 * 1024;

    /* 8 MiB, what RFC 9659 asks every zstd content coding to support; more would be memory for the asking. */
    private static final int ZSTD_WINDOW_LOG = 23;

    /* Small bodies may be as repetitive as they like. */
    private static final long RATIO_FROM_BYTES = 1 << 20;

    private static final long UNKNOWN = -1;

    private final Arrival arrival;
    private final LimitProperties limits;
    private final String coding;
    private final long expectedBytes;
    private long bytes;

    private Decompression(
            InputStream decompressed, Arrival arrival, LimitProperties limits, String coding, long expectedBytes) {
        super(decompressed);
        this.expectedBytes = expectedBytes;
        this.arrival = arrival;
        this.limits = limits;
        this.coding = coding;
    }

    /** Takes a body of {@code contentLength} bytes before decompression; negative if that is unknown. */
    public static Decompression of(
            InputStream body, long contentLength, @Nullable String contentEncoding, LimitProperties limits) {
        String coding =
                contentEncoding == null ? "identity" : contentEncoding.trim().toLowerCase(Locale.ROOT);
        Arrival arrival = new Arrival(body, limits);
        try {
            return switch (coding) {
                case "identity", "" -> new Decompression(arrival, arrival, limits, "identity", contentLength);
                case "gzip", "x-gzip" ->
                    // The JDK's own may take the end of the first member for the end of the body.
                    new Decompression(
                            GzipCompressorInputStream.builder()
                                    .setInputStream(new BufferedInputStream(arrival, BUFFER))
                                    .setDecompressConcatenated(true)
                                    .get(),
                            arrival,
                            limits,
                            "gzip",
                            UNKNOWN);
                case "zstd" ->
                    new Decompression(
                            new ZstdInputStreamNoFinalizer(arrival).setLongMax(ZSTD_WINDOW_LOG),
                            arrival,
                            limits,
                            coding,
                            UNKNOWN);
                default ->
                    throw Problem.of(
                                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                    "Content-Encoding '" + contentEncoding + "' is none of gzip, zstd, identity;"
                                            + " compress the body once with one of them, or send it as it is without"
                                            + " this header")
                            .exception();
            };
        } catch (IOException e) {
            throw broken(coding, e);
        }
    }

    /** Returns how many bytes will come out, negative if that is unknown. */
    long expectedBytes() {
        return expectedBytes;
    }

    @Override
    public int read(byte[] into, int start, int length) {
        int read;
        try {
            read = in.read(into, start, length);
        } catch (IOException e) {
            throw broken(coding, e);
        }
        if (read > 0) {
            bytes += read;
            checkSize();
        }
        return read;
    }

    private void checkSize() {
        if (bytes > limits.bodySize().toBytes()) {
            throw tooLarge("the body has more than sluice.limits.body-size=" + limits.bodySize());
        }
        if (bytes > RATIO_FROM_BYTES && bytes > arrival.bytes() * limits.decompressionRatio()) {
            throw tooLarge("the body decompresses to more than sluice.limits.decompression-ratio="
                    + limits.decompressionRatio() + " times its size");
        }
    }

    private static RuntimeException tooLarge(String what) {
        return Problem.of(ProblemType.TOO_LARGE, what + "; nothing was written. Send smaller batches")
                .exception();
    }

    private static RuntimeException broken(String coding, IOException e) {
        return Problem.of(
                        ProblemType.MALFORMED_BATCH,
                        "the body is not what Content-Encoding: " + coding + " says ("
                                + (e.getMessage() == null ? "it ends too early" : e.getMessage())
                                + "); nothing was written. Compress it whole, or leave the header out if it is not"
                                + " compressed")
                .exception();
    }
}

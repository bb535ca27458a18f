package dev.sluice.body;

import com.github.luben.zstd.Zstd;
import dev.sluice.fuzz.Refusal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Compressed bodies: as they come, and as the compression of what comes; the first byte says by what. */
public final class DecompressionFuzz {

    private static final String[] CODINGS = {"gzip", "zstd", "x-gzip", "identity"};

    private DecompressionFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        String coding = CODINGS[(data[0] & 0xFF) % CODINGS.length];
        byte[] body = Arrays.copyOfRange(data, 1, data.length);
        byte[] out = Refusal.orNull(() -> decompressed(body, coding));
        Refusal.require(
                out == null || out.length <= Parsers.LIMITS.bodySize().toBytes(), "more came out than may come out");
        byte[] again = Refusal.orNull(() -> decompressed(compressed(body, coding), coding));
        Refusal.require(Arrays.equals(body, again), "what was compressed is not what comes out: " + coding);
    }

    private static byte[] decompressed(byte[] body, String coding) throws IOException {
        try (InputStream in = Decompression.of(new ByteArrayInputStream(body), body.length, coding, Parsers.LIMITS)) {
            return in.readAllBytes();
        }
    }

    private static byte[] compressed(byte[] body, String coding) throws IOException {
        return switch (coding) {
            case "zstd" -> Zstd.compress(body);
            case "identity" -> body;
            default -> {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                    gzip.write(body);
                }
                yield bytes.toByteArray();
            }
        };
    }
}

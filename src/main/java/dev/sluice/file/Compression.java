package dev.sluice.file;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.springframework.util.StreamUtils;

/** How the bytes of a segment are packed: each batch is whole in itself, so that a segment may end after any of them. */
enum Compression {
    NONE("", "") {
        @Override
        OutputStream pack(OutputStream out) {
            return StreamUtils.nonClosing(out);
        }

        @Override
        InputStream unpack(InputStream in) {
            return in;
        }
    },
    /** Each batch a gzip member. */
    GZIP(".gz", "1f8b08") {
        @Override
        OutputStream pack(OutputStream out) throws IOException {
            return new GZIPOutputStream(StreamUtils.nonClosing(out));
        }

        @Override
        InputStream unpack(InputStream in) throws IOException {
            return new GZIPInputStream(in, BUFFER);
        }
    },
    /** Each batch a zstd frame. */
    ZSTD(".zst", "28b52ffd") {
        @Override
        OutputStream pack(OutputStream out) throws IOException {
            return new ZstdOutputStreamNoFinalizer(StreamUtils.nonClosing(out));
        }

        @Override
        InputStream unpack(InputStream in) throws IOException {
            return new ZstdInputStreamNoFinalizer(in);
        }
    };

    private static final int BUFFER = 64 * 1024;

    private final String extension;
    private final String magic;

    Compression(String extension, String magic) {
        this.extension = extension;
        this.magic = magic;
    }

    /** Returns what the name of a segment ends with, after {@code .ndjson}. */
    String extension() {
        return extension;
    }

    /** Returns what every packed batch begins with. */
    byte[] magic() {
        return HexFormat.of().parseHex(magic);
    }

    /** Returns how a file of that name is packed. */
    static Compression of(String name) {
        return name.endsWith(GZIP.extension) ? GZIP : name.endsWith(ZSTD.extension) ? ZSTD : NONE;
    }

    /** Wraps a stream of packed batches, one after the other. */
    abstract InputStream unpack(InputStream in) throws IOException;

    /** Wraps a stream; closing the result ends the batch and leaves {@code out} open. */
    abstract OutputStream pack(OutputStream out) throws IOException;
}

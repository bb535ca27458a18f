package dev.sluice.file;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.springframework.util.StreamUtils;

/** How the bytes of a segment are packed: each batch is whole in itself, so that a segment may end after any of them. */
enum Compression {
    NONE("", "") {
        @Override
        OutputStream pack(OutputStream out) {
            return StreamUtils.nonClosing(out);
        }
    },
    /** Each batch a gzip member. */
    GZIP(".gz", "1f8b08") {
        @Override
        OutputStream pack(OutputStream out) throws IOException {
            return new GZIPOutputStream(StreamUtils.nonClosing(out));
        }
    },
    /** Each batch a zstd frame. */
    ZSTD(".zst", "28b52ffd") {
        @Override
        OutputStream pack(OutputStream out) throws IOException {
            return new ZstdOutputStreamNoFinalizer(StreamUtils.nonClosing(out));
        }
    };

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

    /** Wraps a stream; closing the result ends the batch and leaves {@code out} open. */
    abstract OutputStream pack(OutputStream out) throws IOException;
}

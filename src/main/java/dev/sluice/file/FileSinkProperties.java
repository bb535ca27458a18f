package dev.sluice.file;

import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings of a file sink. */
@Description("Lines of files, NDJSON, in a directory.")
record FileSinkProperties(
        @Description("Where the files are; created if it is missing.")
        String directory,

        @Description("One file for each partition, or many segments.") @DefaultValue("single")
        Layout layout,

        @Description("A segment this large is followed by another; 64MB if it is not given.")
        @Bounds(least = "1B")
        @Nullable
        DataSize rotateSize,

        @Description("A segment this old is followed by another; 1h if it is not given.") @Nullable
        Duration rotateAge,

        @Description("How segments are packed; not at all if it is not given.") @Nullable
        Compression compression) {

    /** How the records of a partition are laid out in files. */
    enum Layout {
        /** One file for each partition, for ever; one process may write it. */
        SINGLE,
        /** A growing list of files for each partition; several processes may write to the directory. */
        SEGMENTS
    }

    FileSinkProperties {
        if (directory == null || directory.isBlank()) {
            throw new IllegalArgumentException("directory: is missing; name the directory for the files");
        }
        parse(directory);
        refuseWithSingle(layout, "rotate-size", rotateSize);
        refuseWithSingle(layout, "rotate-age", rotateAge);
        refuseWithSingle(layout, "compression", compression);
        if (rotateSize != null && rotateSize.toBytes() <= 0) {
            throw new IllegalArgumentException("rotate-size: must be at least 1B, but is " + rotateSize);
        }
        if (rotateAge != null && (rotateAge.isNegative() || rotateAge.isZero())) {
            throw new IllegalArgumentException("rotate-age: must be more than nothing, but is " + rotateAge);
        }
    }

    private static void refuseWithSingle(Layout layout, String key, @Nullable Object value) {
        if (layout == Layout.SINGLE && value != null) {
            throw new IllegalArgumentException(
                    key + ": means something with layout: segments only; leave it out, or set layout: segments");
        }
    }

    Path path() {
        return parse(directory).toAbsolutePath().normalize();
    }

    private static Path parse(String directory) {
        try {
            return Path.of(directory);
        } catch (InvalidPathException e) {
            // Without the cause: of a failed binding people are shown the innermost message.
            throw new IllegalArgumentException("directory: '" + directory + "' is not a path: " + e.getReason());
        }
    }

    long segmentBytes() {
        return (rotateSize == null ? DataSize.ofMegabytes(64) : rotateSize).toBytes();
    }

    Duration segmentAge() {
        return rotateAge == null ? Duration.ofHours(1) : rotateAge;
    }

    Compression segmentCompression() {
        return compression == null ? Compression.NONE : compression;
    }
}

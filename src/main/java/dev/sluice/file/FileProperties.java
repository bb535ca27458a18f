package dev.sluice.file;

import dev.sluice.sink.Reach;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What all file sinks of this process share.
 *
 * @param maxOpen how many data files are open at once at most; by default a quarter of what the process may open, at
 *     least 16 and at most 4,096
 * @param roots directories below which sinks may have files that are defined over HTTP; by default {@code ./data} where
 *     keys are wanted, and anywhere where none is
 */
@ConfigurationProperties(prefix = "sluice.files", ignoreUnknownFields = false)
record FileProperties(@Nullable Integer maxOpen, @Nullable List<String> roots) {

    private static final List<String> UNLESS_SET = List.of("./data");

    FileProperties {
        if (maxOpen != null && maxOpen < 1) {
            throw new IllegalArgumentException("sluice.files.max-open must be 1 or more");
        }
        if (roots != null) {
            roots = List.copyOf(roots);
            paths(roots);
        }
    }

    /** Returns where sinks may have files, as absolute paths; null where that is anywhere. */
    @Nullable
    List<Path> roots(Reach reach) {
        return reach.bounds(roots, UNLESS_SET).map(FileProperties::paths).orElse(null);
    }

    private static List<Path> paths(List<String> roots) {
        return roots.stream().map(FileProperties::path).toList();
    }

    private static Path path(String root) {
        try {
            if (!root.isBlank()) {
                return Path.of(root).toAbsolutePath().normalize();
            }
        } catch (InvalidPathException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "sluice.files.roots must list directories, like ./data; found '" + root + "'");
    }

    int mostOpen() {
        return maxOpen == null ? Descriptors.share() : maxOpen;
    }
}

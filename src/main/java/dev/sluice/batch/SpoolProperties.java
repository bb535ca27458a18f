package dev.sluice.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where batches wait between their arrival and their commit.
 *
 * @param memory what all batches together may hold in memory
 * @param memoryPerBatch what one batch may hold in memory; the rest of it goes to a temporary file
 * @param disk what all temporary files together may hold
 * @param directory where the temporary files are made; they have no name, so a crash leaves none behind
 */
@ConfigurationProperties(prefix = "sluice.spool", ignoreUnknownFields = false)
public record SpoolProperties(
        @DefaultValue("64MB") DataSize memory,
        @DefaultValue("8MB") DataSize memoryPerBatch,
        @DefaultValue("16GB") DataSize disk,
        String directory) {

    /** Checks that the combination makes sense. */
    public SpoolProperties {
        if (memoryPerBatch.compareTo(memory) > 0) {
            throw new IllegalArgumentException("sluice.spool.memory-per-batch (" + memoryPerBatch
                    + ") must not be larger than sluice.spool.memory (" + memory + ")");
        }
        if (!usable(Path.of(directory))) {
            throw new IllegalArgumentException(unusable(directory));
        }
    }

    /** Returns what is wrong with the directory now, empty if nothing is. */
    Optional<String> problem() {
        return usable(path()) ? Optional.empty() : Optional.of(unusable(directory));
    }

    private static boolean usable(Path path) {
        return Files.isDirectory(path) && Files.isWritable(path);
    }

    private static String unusable(String directory) {
        return "sluice.spool.directory (" + directory + ") is not a directory that can be written to";
    }

    /* Bound as text: a Path would be taken for a resource's, and ../ for nothing. */
    Path path() {
        return Path.of(directory);
    }
}

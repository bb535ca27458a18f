package dev.sluice.batch;

import java.nio.file.Files;
import java.nio.file.Path;
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
        @DefaultValue("48MB") DataSize memory,
        @DefaultValue("2MB") DataSize memoryPerBatch,
        @DefaultValue("16GB") DataSize disk,
        Path directory) {

    /** Checks that the combination makes sense. */
    public SpoolProperties {
        if (memoryPerBatch.compareTo(memory) > 0) {
            throw new IllegalArgumentException("sluice.spool.memory-per-batch (" + memoryPerBatch
                    + ") must not be larger than sluice.spool.memory (" + memory + ")");
        }
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new IllegalArgumentException(
                    "sluice.spool.directory (" + directory + ") is not a directory that can be written to");
        }
    }
}

package dev.sluice.bench.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The configuration of the one sink that is measured. */
final class SinkFile {

    private SinkFile() {}

    /** Writes it as YAML: a command line would be too short for thousands of partitions. */
    static Path write(Path directory, int partitions) throws IOException {
        String names =
                IntStream.range(0, partitions).mapToObj(p -> "\"" + p + "\"").collect(Collectors.joining(", "));
        return Files.writeString(directory.resolve("sinks-" + partitions + ".yaml"), """
                sluice:
                  sinks:
                    events:
                      type: table
                      partitions: [%s]
                """.formatted(names));
    }
}

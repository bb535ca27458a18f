package dev.sluice.bench.service;

import dev.sluice.bench.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sluice as its image has it: libraries beside the classes, in a directory of their own. */
public final class Image {

    private Image() {}

    /** Extracts it from the jar, by the command of the Dockerfile. */
    public static Path extract(Path java, Path jar, Path directory) throws IOException, InterruptedException {
        Path image = directory.resolve("image");
        // By this name the image knows it.
        Path copy = Files.copy(jar, directory.resolve("sluice.jar"));
        Child.run(
                directory,
                "extract",
                Duration.ofMinutes(2),
                Map.of(),
                List.of(
                        java.toString(),
                        "-Djarmode=tools",
                        "-jar",
                        copy.toString(),
                        "extract",
                        "--destination",
                        image.toString()));
        Files.createDirectories(image.resolve("sinks"));
        return image;
    }
}

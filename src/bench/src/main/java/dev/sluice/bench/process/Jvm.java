package dev.sluice.bench.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that run classes of this benchmark in a JVM of their own. */
public final class Jvm {

    private Jvm() {}

    /** Returns the java program that runs the benchmark itself. */
    public static Path own() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    public static List<String> command(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                own().toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(arguments);
        return command;
    }
}

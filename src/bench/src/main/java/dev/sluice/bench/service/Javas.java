package dev.sluice.bench.service;

import dev.sluice.bench.process.Jvm;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JDKs of this machine. */
public final class Javas {

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)([^\"]*)\"");
    private static final Path USUAL = Path.of("/usr/lib/jvm");

    /** A java program and the version that its release file tells. */
    public record Java(Path program, int major, String version) {

        /** Returns the JDK's directory. */
        Path home() {
            return program.getParent().getParent();
        }
    }

    private Javas() {}

    /** Prints the home of the one that is chosen, for whoever builds the service; takes the one that was told, if any. */
    public static void main(String... told) throws IOException {
        System.out.println(choose(told.length == 0 ? "" : told[0]).home());
    }

    /** Returns the one that was told, otherwise the newest of JAVA_HOME's, the benchmark's own and the usual place's. */
    public static Java choose(String told) throws IOException {
        if (!told.isEmpty()) {
            Path path = Path.of(told).toRealPath();
            return of(Files.isDirectory(path) ? path : path.getParent().getParent());
        }
        List<Path> homes = new ArrayList<>();
        homes.add(Jvm.own().getParent().getParent());
        String home = System.getenv("JAVA_HOME");
        if (home != null && !home.isEmpty()) {
            homes.add(Path.of(home));
        }
        if (Files.isDirectory(USUAL)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(USUAL)) {
                found.forEach(homes::add);
            }
        }
        List<Java> javas = new ArrayList<>();
        for (Path candidate : homes) {
            if (Files.isExecutable(candidate.resolve("bin/java")) && Files.exists(candidate.resolve("release"))) {
                javas.add(of(candidate.toRealPath()));
            }
        }
        return javas.stream().max(Comparator.comparingInt(Java::major)).orElseThrow();
    }

    private static Java of(Path home) throws IOException {
        Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
        if (!matcher.find()) {
            throw new IOException(home + "/release tells no version");
        }
        return new Java(
                home.resolve("bin/java"), Integer.parseInt(matcher.group(1)), matcher.group(1) + matcher.group(2));
    }
}

package dev.sluice.campaign.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What stands between a program and the operating system: <a href="https://blitiri.com.ar/p/libfiu/">libfiu</a>, which
 * lets calls fail, and <a href="https://github.com/wolfcw/libfaketime">libfaketime</a>, which sets the clock off.
 * Machines may lack them (Debian: {@code fiu-utils}, {@code libfaketime}).
 */
public final class Preloads {

    private static final List<Path> PLACES = List.of(Path.of("/usr/lib"), Path.of("/usr/local/lib"));
    private static final int CONTROL_SECONDS = 10;
    private static final List<String> SYNCS = List.of("posix/io/sync/fsync", "posix/io/sync/fdatasync");
    private static final List<String> WRITES_AT_A_POSITION = List.of("posix/io/rw/pwrite", "posix/io/rw/pwritev");
    private static final String EIO = "5";
    private static final String ENOSPC = "28";

    private final Path directory;
    private final Optional<Path> failing;
    private final Optional<Path> clock;

    private Preloads(Path directory, Optional<Path> failing, Optional<Path> clock) {
        this.directory = directory;
        this.failing = failing;
        this.clock = clock;
    }

    /** Looks for both, and keeps what they need in a directory of its own. */
    public static Preloads find(Path home) throws IOException {
        Path directory = Files.createDirectory(home.resolve("preloads"));
        return new Preloads(directory, library("fiu", "fiu_run_preload.so"), library("faketime", "libfaketime.so.1"));
    }

    /** Returns the same for a program whose calls are not to fail, or whose clock stays as it is. */
    public Preloads only(boolean failing, boolean clocks) {
        return new Preloads(
                directory, failing ? this.failing : Optional.empty(), clocks ? this.clock : Optional.empty());
    }

    /** Whether calls can be made to fail. */
    public boolean canFail() {
        return failing.isPresent();
    }

    /** Whether clocks can be set off. */
    public boolean canSetClocks() {
        return clock.isPresent();
    }

    /** Returns the variables that a program which is told apart by its name has to be started with. */
    Map<String, String> variables(String name) throws IOException {
        List<String> libraries = new ArrayList<>();
        Map<String, String> variables = new HashMap<>();
        if (failing.isPresent()) {
            libraries.addAll(failing());
            variables.put("FIU_CTRL_FIFO", directory.resolve("fiu").toString());
        }
        if (clock.isPresent()) {
            libraries.add(clock.get().toString());
            variables.put("FAKETIME_TIMESTAMP_FILE", offFile(name).toString());
            variables.put("FAKETIME_CACHE_DURATION", "1");
            variables.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            // Otherwise waits with a limit return at once.
            variables.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
            setClockOff(name, 0);
        }
        if (!libraries.isEmpty()) {
            variables.put("LD_PRELOAD", String.join(" ", libraries));
        }
        return variables;
    }

    /** Returns the variables of a program whose disk is bad from its start on: this share of its calls fails. */
    Map<String, String> badDisk(BadDisk how, double share) {
        List<String> others = how == BadDisk.FULL ? List.of("posix/io/rw/write") : SYNCS;
        List<String> lines = Stream.concat(others.stream(), WRITES_AT_A_POSITION.stream())
                .map(point -> enable(point, share, how == BadDisk.FULL ? ENOSPC : EIO))
                .toList();
        return Map.of("LD_PRELOAD", String.join(" ", failing()), "FIU_ENABLE", String.join("\n", lines));
    }

    /** What is wrong with a disk. */
    public enum BadDisk {
        /** No room is left. */
        FULL,
        /** Writes and fsyncs fail. */
        BROKEN
    }

    /* A JVM writes at a position only what a program told it to: what wakes up its own threads is not among it. */
    void breakDisk(long pid, double writes, double syncs) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("fiu-ctrl", "-f", directory.resolve("fiu").toString()));
        failAll(WRITES_AT_A_POSITION, writes, command);
        failAll(SYNCS, syncs, command);
        command.add(Long.toString(pid));
        Process control = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        // It waits for an answer of the process, which another fault may have ended.
        if (!control.waitFor(CONTROL_SECONDS, TimeUnit.SECONDS)) {
            control.destroyForcibly();
        } else if (control.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + control.exitValue());
        }
    }

    private static void failAll(List<String> points, double share, List<String> command) {
        for (String point : points) {
            command.addAll(List.of("-c", share == 0 ? "disable name=" + point : enable(point, share, EIO)));
        }
    }

    void setClockOff(String name, long seconds) throws IOException {
        Files.writeString(offFile(name), "%+d%n".formatted(seconds));
    }

    private static String enable(String point, double share, String error) {
        return String.format(Locale.ROOT, "enable_random name=%s,probability=%.5f,failinfo=%s", point, share, error);
    }

    private List<String> failing() {
        Path run = failing.orElseThrow();
        return List.of(
                run.toString(), run.resolveSibling("fiu_posix_preload.so").toString());
    }

    private Path offFile(String name) {
        return directory.resolve(name + ".clock");
    }

    private static Optional<Path> library(String folder, String name) throws IOException {
        for (Path place : PLACES) {
            List<Path> directories = new ArrayList<>(List.of(place));
            if (Files.isDirectory(place)) {
                try (Stream<Path> architectures = Files.list(place)) {
                    architectures.forEach(directories::add);
                }
            }
            for (Path directory : directories) {
                Path library = directory.resolve(folder).resolve(name);
                if (Files.isReadable(library)) {
                    return Optional.of(library);
                }
            }
        }
        return Optional.empty();
    }
}

package dev.sluice.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What postmaster.pid of a cluster points to. */
record Postmaster(Path file, long pid, State state) {

    /** Whether a process has that number, and whether it is this cluster's server. */
    enum State {
        NONE,
        RUNNING,
        STRANGER
    }

    static Postmaster read(Path cluster) {
        Path file = cluster.resolve("postmaster.pid");
        try {
            long pid =
                    Long.parseLong(Files.readAllLines(file).stream().findFirst().orElse(""));
            return new Postmaster(file, pid, state(pid, cluster));
        } catch (NoSuchFileException e) {
            return new Postmaster(file, 0, State.NONE);
        } catch (NumberFormatException e) {
            // Cut off by a crash of the machine: nothing that wrote it can be alive.
            return new Postmaster(file, 0, State.STRANGER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether process {@code pid} is alive and the server of this cluster, whatever its file says. */
    static boolean isServer(long pid, Path cluster) {
        return state(pid, cluster) == State.RUNNING;
    }

    private static State state(long pid, Path cluster) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            // PostgreSQL knows a dead number itself, and then looks for that server's last processes: leave it the
            // file.
            return State.NONE;
        }
        return arguments(process.get()).contains(cluster.toString()) || worksIn(pid, cluster)
                ? State.RUNNING
                : State.STRANGER;
    }

    // Not ProcessHandle.info() where /proc exists: without CAP_SYS_PTRACE it tells root nothing about other users.
    private static List<String> arguments(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .split("\0"));
        } catch (IOException e) {
            return process.info().arguments().map(Arrays::asList).orElse(List.of());
        }
    }

    private static boolean worksIn(long pid, Path cluster) {
        try {
            return Files.isSameFile(Path.of("/proc", Long.toString(pid), "cwd"), cluster);
        } catch (IOException e) {
            return false;
        }
    }
}

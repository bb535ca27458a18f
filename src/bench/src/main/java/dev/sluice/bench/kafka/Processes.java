package dev.sluice.bench.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that must not outlive this JVM: the others, and the work directory. */
final class Processes {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Deque<ChildJvm> running = new ArrayDeque<>();
    private final Path work;
    private final boolean keepWork;
    private boolean closed;

    Processes(Options options) throws IOException {
        // Readable by its owner alone: the connector's settings are in it, with the password.
        work = Files.createTempDirectory(options.workParent(), "kafka-peer-").toAbsolutePath();
        keepWork = options.keepWork();
    }

    Path work() {
        return work;
    }

    /** None starts after the end has begun, and none that has started is missed by it. */
    synchronized void start(Callable<ChildJvm> child) throws Exception {
        if (closed) {
            throw new PeerException("stopped");
        }
        running.push(child.call());
    }

    /** The latest first: a worker without its broker would try again and again. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        running.forEach(child -> child.stop(PATIENCE));
        if (!keepWork) {
            delete();
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(work)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("not removed: " + work + ": " + e);
        }
    }
}

package dev.sluice.scenario.crash;

import static dev.sluice.scenario.crash.CrashPoint.*;
import static dev.sluice.scenario.crash.Subject.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service is killed at every point where it may not lose or double anything, several sinks at a time: each is held
 * at its own point until all are there.
 */
class CrashPointsIT {

    private static final Logger log = LoggerFactory.getLogger(CrashPointsIT.class);

    /** What happens in one kill stands below one another. A dash: nothing of this sink. */
    private static final Crash NOTHING = null;

    private static CrashingService service;
    private static ExecutorService writers;

    private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, URISyntaxException {
        service = new CrashingService(directory);
        writers = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        writers.shutdown();
        service.close();
    }

    static List<List<Crash>> kills() {
        List<List<Crash>> kills = new ArrayList<>();
        for (List<Crash> of : bySink()) {
            for (int i = 0; i < of.size(); i++) {
                if (kills.size() <= i) {
                    kills.add(new ArrayList<>());
                }
                if (Objects.nonNull(of.get(i))) {
                    kills.get(i).add(of.get(i));
                }
            }
        }
        return kills;
    }

    /** The n-th points of all of them are one kill. */
    private static List<List<Crash>> bySink() {
        List<List<Crash>> all = new ArrayList<>();
        all.add(joined(
                all(ROWS, BEFORE_COMMIT, AFTER_COMMIT),
                List.of(Crash.fresh(ROWS, BEFORE_COMMIT), Crash.fresh(ROWS, AFTER_COMMIT))));
        for (Subject rewindable : List.of(ROWS, FILES, SEGMENTS)) {
            all.add(all(rewindable, BEFORE_COMMIT_OF_REWIND, AFTER_COMMIT_OF_REWIND));
        }
        all.add(joined(
                List.of(
                        Crash.fresh(FILES, BEFORE_FSYNC_OF_DIRECTORY),
                        Crash.fresh(FILES, AFTER_FSYNC_OF_DIRECTORY),
                        Crash.fresh(FILES, BEFORE_COMMIT_OF_INITIAL_STATE),
                        Crash.fresh(FILES, AFTER_COMMIT)),
                all(FILES, BEFORE_BLOCK_IS_WRITTEN, AFTER_BLOCK_IS_WRITTEN, BEFORE_FSYNC, AFTER_FSYNC),
                all(FILES, BEFORE_COMMIT, AFTER_COMMIT)));
        all.add(List.of(Crash.fresh(ANY_FILES, BEFORE_FSYNC), Crash.fresh(SEGMENTS, BEFORE_FSYNC)));
        all.add(joined(
                all(SEGMENTS, BEFORE_BLOCK_IS_WRITTEN, AFTER_BLOCK_IS_WRITTEN, BEFORE_FSYNC, AFTER_FSYNC),
                all(SEGMENTS, BEFORE_FSYNC_OF_DIRECTORY, AFTER_FSYNC_OF_DIRECTORY, BEFORE_COMMIT, AFTER_COMMIT),
                List.of(Crash.fresh(SEGMENTS, BEFORE_COMMIT_OF_INITIAL_STATE), Crash.fresh(SEGMENTS, AFTER_COMMIT))));
        CrashPoint[] sending = {BEFORE_SEND, AFTER_SEND, BEFORE_COMMIT_OF_WHAT_WAS_SENT, AFTER_COMMIT_OF_WHAT_WAS_SENT};
        all.add(all(HONEST, sending));
        all.add(all(CARELESS, sending));
        all.add(all(
                LETTER_ROWS,
                BEFORE_COMMIT_OF_DEAD_LETTERS,
                AFTER_COMMIT,
                BEFORE_COMMIT_OF_REPLAY,
                AFTER_COMMIT_OF_REPLAY,
                BEFORE_COMMIT_OF_DISCARD,
                AFTER_COMMIT_OF_DISCARD,
                BEFORE_COMMIT_OF_EDIT,
                AFTER_COMMIT_OF_EDIT));
        all.add(joined(
                all(LETTER_HONEST, sending),
                all(LETTER_HONEST, BEFORE_COMMIT_OF_SENDING, BEFORE_LATE_SEND, AFTER_LATE_SEND),
                all(LETTER_HONEST, BEFORE_COMMIT_OF_REPLAY, AFTER_COMMIT_OF_REPLAY)));
        all.add(tasks());
        all.addAll(batching());
        all.add(joined(
                all(FAN, BEFORE_COMMIT_OF_WHAT_WAS_SENT, AFTER_COMMIT_OF_WHAT_WAS_SENT),
                List.of(
                        Crash.within(FAN, "child-rows", BEFORE_CHILD),
                        Crash.within(FAN, "child-rows", AFTER_CHILD),
                        Crash.within(FAN, "child-files", BEFORE_CHILD),
                        Crash.within(FAN, "child-files", AFTER_CHILD),
                        Crash.within(FAN, "child-honest", BEFORE_CHILD),
                        Crash.within(FAN, "child-honest", AFTER_CHILD),
                        Crash.within(FAN, "child-honest", AFTER_SEND))));
        all.add(all(ANY_ROWS, BEFORE_COMMIT, AFTER_COMMIT));
        all.add(all(ANY_FILES, AFTER_COMMIT, BEFORE_COMMIT));
        return all;
    }

    /* A process does its tasks one at a time. They wait until the dead is known to be dead, as what is sent late does. */
    private static List<Crash> tasks() {
        return joined(
                Arrays.asList(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
                all(LETTER_ROWS, BEFORE_COMMIT_OF_LOT, AFTER_COMMIT_OF_LOT),
                all(LETTER_HONEST, BEFORE_COMMIT_OF_LOT, AFTER_COMMIT_OF_LOT));
    }

    /* Intents and cursors are committed one at a time in a process: whoever is held there holds up the others. */
    private static List<List<Crash>> batching() {
        CrashPoint[] rest = {AFTER_COMMIT_OF_INTENT, AFTER_COMMIT_OF_CURSOR};
        return List.of(
                joined(
                        all(TO_ROWS, BEFORE_COMMIT_OF_INTENT, BEFORE_COMMIT_OF_CURSOR, BEFORE_COMMIT, AFTER_COMMIT),
                        Arrays.asList(NOTHING, NOTHING),
                        all(TO_ROWS, rest),
                        handOver(TO_ROWS)),
                joined(
                        all(TO_FILES, BEFORE_COMMIT, AFTER_COMMIT, BEFORE_COMMIT_OF_INTENT, BEFORE_COMMIT_OF_CURSOR),
                        Arrays.asList(NOTHING, NOTHING),
                        all(TO_FILES, rest),
                        handOver(TO_FILES)),
                joined(
                        Arrays.asList(NOTHING, NOTHING),
                        all(TO_CARELESS, BEFORE_COMMIT, AFTER_COMMIT),
                        all(TO_CARELESS, BEFORE_COMMIT_OF_INTENT, BEFORE_COMMIT_OF_CURSOR),
                        all(TO_CARELESS, rest),
                        handOver(TO_CARELESS),
                        List.of(Crash.within(TO_CARELESS, "late-careless", AFTER_SEND))));
    }

    private static List<Crash> handOver(Subject subject) {
        String target = subject.targets().get(0);
        return List.of(Crash.within(subject, target, BEFORE_HAND_OVER), Crash.within(subject, target, AFTER_HAND_OVER));
    }

    private static List<Crash> all(Subject subject, CrashPoint... points) {
        return Arrays.stream(points).map(point -> Crash.of(subject, point)).toList();
    }

    @SafeVarargs
    private static List<Crash> joined(List<Crash>... lists) {
        List<Crash> all = new ArrayList<>();
        for (List<Crash> list : lists) {
            all.addAll(list);
        }
        return all;
    }

    @Test
    void crashesAtEveryPoint() {
        Set<CrashPoint> used = EnumSet.noneOf(CrashPoint.class);
        kills().forEach(kill -> kill.forEach(crash -> used.add(crash.point())));
        assertThat(used).containsExactlyInAnyOrder(CrashPoint.values());
    }

    @ParameterizedTest
    @MethodSource("kills")
    void losesAndDoublesNothingWhenKilledAt(List<Crash> crashes) throws IOException {
        log.info("seed {}", seed);
        List<CrashedStream> streams = crashes.stream().map(this::stream).toList();
        together(streams, CrashedStream::begin);
        service.arm(streams.stream().map(CrashedStream::line).toList());
        CompletableFuture<Void> dying =
                CompletableFuture.runAsync(() -> together(streams, CrashedStream::provoke), writers);
        service.awaitDeath();
        dying.join();
        service.restart();
        together(streams, CrashedStream::goOn);
    }

    private CrashedStream stream(Crash crash) {
        String partition = service.unused();
        if (crash.subject().settles()) {
            return crash.ofTask()
                    ? new TaskStream(service, crash, partition)
                    : new ActStream(service, crash, partition);
        }
        return crash.ofRewind()
                ? new RewoundStream(service, crash, partition)
                : new NumberedStream(service, crash, partition, seed);
    }

    private static void together(List<CrashedStream> streams, Consumer<CrashedStream> step) {
        List<CompletableFuture<Void>> steps = streams.stream()
                .map(stream -> CompletableFuture.runAsync(() -> step.accept(stream), writers))
                .toList();
        CompletableFuture.allOf(steps.toArray(CompletableFuture<?>[]::new)).join();
    }
}

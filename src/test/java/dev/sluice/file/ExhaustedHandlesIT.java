package dev.sluice.file;

import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.file.FileSinkProperties.Layout;
import dev.sluice.file.SingleFilePartition.State;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.StatelessSinkPartition;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose descriptors are taken by something else than files of sinks: it gives up its own, and recovers. */
class ExhaustedHandlesIT {

    private static final int LIMIT = 200;
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");

    @TempDir
    Path directory;

    @Test
    void givesUpFilesThatAreNotInUseAndRecoversFromHavingNone() throws Exception {
        Path said = directory.resolve("said");
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n " + LIMIT + "; exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Exhausted.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(said)).isZero();
        for (String name : NAMES) {
            assertThat(directory.resolve(name + ".ndjson")).hasContent("0\n1\n2\n");
            assertThat(Stored.lines(directory.resolve("segments"), name)).containsExactly("0", "1", "2");
            assertThat(directory.resolve("w.worker_" + NAMES.indexOf(name))).hasContent("0\n1\n2\n");
        }
        assertThat(directory.resolve("late.ndjson")).hasContent("1\n");
    }

    /** The process. */
    static final class Exhausted {

        private static final List<Closeable> taken = new ArrayList<>();

        public static void main(String[] arguments) throws IOException {
            Fixture files = new Fixture(Path.of(arguments[0]), Clock.systemUTC(), 1000);
            List<Consumer<String>> targets = targets(files);
            loadWhatFailuresNeed(files);
            targets.forEach(target -> target.accept("0"));
            for (String round : List.of("1", "2")) {
                takeAll();
                FileSink<State> one = files.singleSink("more" + round, "more" + round);
                one.buildPart("more", "more" + round, null); // which closes one of the others
                takeAll();
                targets.forEach(target -> target.accept(round));
            }
            takeAll();
            FileSink<State> late = new Fixture(files.directory).singleSink("late", "late");
            assertUnavailable(() -> late.buildPart("late", "late", null));
            assertUnavailable(late::verify).hasMessageContaining("late, failing since");
            giveBack();
            late.buildPart("late", "late", null).writeBatch(records("1"));
            late.verify();
        }

        private static List<Consumer<String>> targets(Fixture files) {
            List<Consumer<String>> targets = new ArrayList<>();
            FileSink<State> single = files.singleSink("single", NAMES.toArray(String[]::new));
            FileSink<?> segments = files.type()
                    .create(
                            "segments",
                            NAMES,
                            new FileSinkProperties(
                                    files.directory.resolve("segments").toString(), Layout.SEGMENTS, null, null, null));
            segments.prepare();
            FileDynamicSink workers = files.type().createDynamic("w", files.single());
            for (String name : NAMES) {
                StatefulSinkPartition<SinkRecord, ?> file = single.buildPart("single", name, null);
                StatefulSinkPartition<SinkRecord, ?> list = segments.buildPart("segments", name, null);
                StatelessSinkPartition<SinkRecord> worker = workers.build("w", NAMES.indexOf(name), 6);
                targets.add(value -> file.writeBatch(records(value)));
                targets.add(value -> list.writeBatch(records(value)));
                targets.add(value -> worker.writeBatch(records(value)));
            }
            return targets;
        }

        /* Tests have their classes in directories, where each takes a descriptor to be loaded; a jar has one for all. */
        private static void loadWhatFailuresNeed(Fixture files) {
            Path path = files.directory.resolve("x");
            assertUnavailable(() -> {
                throw FileFailure.notOpened(path, "x", new IOException("Too many open files"));
            });
            FileSink<State> held = new Fixture(files.directory).singleSink("held", "a");
            assertUnavailable(() -> held.buildPart("held", "a", null)).hasMessageContaining("is being written by");
            assertUnavailable(held::verify).hasMessageContaining("a, failing since");
            new SinkDirectory(files.directory, Disk.REAL, files.handles, Set.of(), Confines.NONE).takes(1);
        }

        private static void takeAll() {
            try {
                while (true) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("Too many open files");
            }
        }

        private static void giveBack() throws IOException {
            for (Closeable one : taken) {
                one.close();
            }
        }
    }
}

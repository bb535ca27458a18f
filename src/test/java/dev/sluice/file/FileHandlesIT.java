package dev.sluice.file;

import static dev.sluice.file.Fixture.assertBroken;
import static dev.sluice.file.Fixture.assertLost;
import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.file.FileSinkProperties.Layout;
import dev.sluice.file.SingleFilePartition.State;
import dev.sluice.sink.LostTargetException.Loss;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.StatelessSinkPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Far more partitions than files that may be open. */
class FileHandlesIT {

    private static final int MOST_OPEN = 5;
    private static final int PARTITIONS = 60;

    @TempDir
    Path directory;

    private Fixture files;
    private final String[] names =
            IntStream.range(0, PARTITIONS).mapToObj(i -> "p" + i).toArray(String[]::new);

    @BeforeEach
    void prepare() {
        files = new Fixture(directory, Clock.systemUTC(), MOST_OPEN);
    }

    /** How many files below the directory this process has open. */
    private long open() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(this::leadsHere).count();
        }
    }

    private boolean leadsHere(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(files.directory);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    void keepsAsManyOpenAsItMayAndWritesAll() throws IOException {
        FileSink<State> sink = files.singleSink("files", names);
        List<StatefulSinkPartition<SinkRecord, State>> partitions = new ArrayList<>();
        for (String name : names) {
            partitions.add(sink.buildPart("files", name, null));
        }
        for (int round = 0; round < 3; round++) {
            for (StatefulSinkPartition<SinkRecord, State> partition : partitions) {
                partition.writeBatch(records("" + round));
                assertThat(files.handles.size()).isLessThanOrEqualTo(MOST_OPEN);
            }
        }
        assertThat(open()).isLessThanOrEqualTo(MOST_OPEN + 8L); // and eight files of locks
        for (String name : names) {
            assertThat(directory.resolve(name + ".ndjson")).hasContent("0\n1\n2\n");
        }
        sink.close();
        assertThat(open()).isZero();
        assertThat(files.handles.size()).isZero();
    }

    @Test
    void keepsSegmentsAndWorkersInTheSameBound() throws IOException {
        FileSinkProperties settings =
                new FileSinkProperties(directory.toString(), Layout.SEGMENTS, null, null, Compression.GZIP);
        FileSink<?> sink = files.type().create("segments", List.of(names), settings);
        FileDynamicSink workers = files.type().createDynamic("out", files.single());
        List<StatefulSinkPartition<SinkRecord, ?>> partitions = new ArrayList<>();
        List<StatelessSinkPartition<SinkRecord>> lines = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(sink.buildPart("segments", names[i], null));
            lines.add(workers.build("out", i, PARTITIONS));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.get(i).writeBatch(records("" + round));
                lines.get(i).writeBatch(records("" + round));
            }
        }
        assertThat(open()).isLessThanOrEqualTo(MOST_OPEN + 8L);
        for (int i = 0; i < PARTITIONS; i++) {
            assertThat(Stored.files(directory, names[i])).hasSize(1);
            assertThat(Stored.lines(directory, names[i])).containsExactly("0", "1", "2");
            assertThat(directory.resolve("out.worker_" + i)).hasContent("0\n1\n2\n");
        }
        sink.close();
        workers.close();
        assertThat(open()).isZero();
    }

    @Test
    void writesFromManyThreadsAtOnce() {
        FileSink<State> sink = files.singleSink("files", names);
        CompletableFuture.allOf(IntStream.range(0, 8)
                        .mapToObj(thread -> CompletableFuture.runAsync(() -> writeEveryEighth(sink, thread)))
                        .toArray(CompletableFuture[]::new))
                .join();
        for (String name : names) {
            assertThat(Stored.lines(directory, name))
                    .hasSize(20)
                    .startsWith("0", "1")
                    .endsWith("19");
        }
        sink.close();
    }

    private void writeEveryEighth(FileSink<State> sink, int thread) {
        List<StatefulSinkPartition<SinkRecord, State>> partitions = new ArrayList<>();
        for (int i = thread; i < PARTITIONS; i += 8) {
            partitions.add(sink.buildPart("files", names[i], null));
        }
        for (int round = 0; round < 20; round++) {
            for (StatefulSinkPartition<SinkRecord, State> partition : partitions) {
                partition.writeBatch(records("" + round));
            }
        }
    }

    private StatefulSinkPartition<SinkRecord, State> writtenAndClosed(FileSink<State> sink) {
        StatefulSinkPartition<SinkRecord, State> first = sink.buildPart("files", "p0", null);
        first.writeBatch(records("1", "2"));
        for (int i = 1; i <= MOST_OPEN; i++) {
            sink.buildPart("files", names[i], null);
        }
        return first;
    }

    @Test
    void noticesWhatHappenedToAFileWhileItWasClosed() throws IOException {
        FileSink<State> sink = files.singleSink("files", names);
        Path file = directory.resolve("p0.ndjson");

        StatefulSinkPartition<SinkRecord, State> edited = writtenAndClosed(sink);
        Files.writeString(file, "1\n3\n");
        assertLost(Loss.REPLACED, () -> edited.writeBatch(records("4"))).hasMessageContaining("was edited");

        Files.delete(file);
        StatefulSinkPartition<SinkRecord, State> cut = writtenAndClosed(sink);
        Files.writeString(file, "1\n");
        assertLost(Loss.EMPTIED, () -> cut.writeBatch(records("4")));

        Files.delete(file);
        StatefulSinkPartition<SinkRecord, State> gone = writtenAndClosed(sink);
        Files.delete(file);
        assertLost(Loss.GONE, () -> gone.writeBatch(records("4")));
        assertThat(file).doesNotExist();

        StatefulSinkPartition<SinkRecord, State> appended = writtenAndClosed(sink);
        Files.writeString(file, "1\n2\n3\n");
        assertBroken(() -> appended.writeBatch(records("4"))).hasMessageContaining("4 bytes and has 6");
        assertThat(file).hasContent("1\n2\n3\n");
        sink.close();
    }

    @Test
    void goesBackThoughItsFileWasClosed() {
        FileSink<State> sink = files.singleSink("files", names);
        SingleFilePartition first = (SingleFilePartition) writtenAndClosed(sink);
        first.rewind(1, Fixture.at(2));
        sink.buildPart("files", "p0", first.snapshot()).writeBatch(records("3"));
        assertThat(directory.resolve("p0.ndjson")).hasContent("1\n3\n");
        sink.close();
    }

    @Test
    void keepsTheLockOfAFileThatIsClosed() {
        FileSink<State> sink = files.singleSink("files", names);
        writtenAndClosed(sink);
        FileSink<State> other = new Fixture(directory).singleSink("other", names);
        assertUnavailable(() -> other.buildPart("other", "p0", Fixture.at(4)))
                .hasMessageContaining("is being written by another sink of this process");
        sink.close();
        other.buildPart("other", "p0", Fixture.at(4));
        other.close();
    }
}

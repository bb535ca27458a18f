package dev.sluice.file;

import static dev.sluice.file.Fixture.assertBroken;
import static dev.sluice.file.Fixture.assertLost;
import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.at;
import static dev.sluice.file.Fixture.names;
import static dev.sluice.file.Fixture.part;
import static dev.sluice.file.Fixture.records;
import static dev.sluice.file.Fixture.segments;
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
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What was acknowledged and is not there any more is told, whoever looks, and never made anew. */
class LostFilesIT {

    @TempDir
    Path home;

    private Path directory;
    private Fixture files;
    private FileSink<State> sink;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        directory = Files.createDirectory(home.toRealPath().resolve("files"));
        files = new Fixture(directory);
        sink = files.singleSink();
        file = directory.resolve("p.ndjson");
    }

    @Test
    void recognisesADirectoryAndMakesNone() throws IOException {
        sink.recognise(Optional.empty());
        Path elsewhere = Files.move(directory, home.resolve("elsewhere"));
        assertLost(Loss.GONE, () -> sink.recognise(Optional.empty())).hasMessageContaining(directory.toString());
        assertThat(directory).doesNotExist();
        Files.move(elsewhere, directory);
        sink.recognise(Optional.empty());

        Path never = home.resolve("never");
        FileSink<?> unmounted = files.type()
                .create(
                        "unmounted",
                        List.of("p"),
                        new FileSinkProperties(never.toString(), Layout.SINGLE, null, null, null));
        assertLost(Loss.GONE, () -> unmounted.recognise(Optional.empty()));
        assertLost(Loss.GONE, () -> build(unmounted, at(4))).hasMessageContaining("4 bytes");
        assertThat(never).doesNotExist();
    }

    @SuppressWarnings("unchecked") // the layout decides the state's type
    private static StatefulSinkPartition<SinkRecord, State> build(FileSink<?> sink, State state) {
        return ((FileSink<State>) sink).buildPart("x", "p", state);
    }

    @Test
    void seesThatTheFileOfAnIdlePartitionIsGoneAndThatItIsBack() throws IOException {
        part(sink, null).writeBatch(records("1", "2"));
        sink.verify();
        Path elsewhere = Files.move(file, directory.resolve("moved"));
        assertLost(Loss.GONE, sink::verify)
                .hasMessageContaining(file + " is missing")
                .hasMessageContaining("4 bytes");
        sink.verifyHere();
        Files.move(elsewhere, file);
        sink.verify();
        assertThat(file).hasContent("1\n2\n");
    }

    @Test
    void seesThatAnIdleFileWasCutOrReplaced() throws IOException {
        part(sink, null).writeBatch(records("1", "2"));
        Files.writeString(file, "1\n");
        assertLost(Loss.EMPTIED, sink::verify)
                .hasMessageContaining("only 2 bytes")
                .hasMessageContaining("4 bytes");
        Files.move(file, directory.resolve("moved"));
        Files.writeString(file, "3\n4\n");
        assertLost(Loss.REPLACED, sink::verify);
        assertThat(file).hasContent("3\n4\n");
    }

    @Test
    void refusesToWriteToAFileThatIsGoneCutOrReplacedAndStaysDown() throws IOException {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1", "2"));
        Path elsewhere = Files.move(file, directory.resolve("moved"));
        assertLost(Loss.GONE, () -> partition.writeBatch(records("3")));
        assertLost(Loss.GONE, () -> part(sink, at(4)));
        assertLost(Loss.GONE, sink::verify);
        assertThat(file).doesNotExist();
        Files.move(elsewhere, file);
        sink.verify();
        SingleFilePartition rebuilt = part(sink, at(4));
        Files.writeString(file, "");
        assertLost(Loss.EMPTIED, () -> rebuilt.writeBatch(records("3")));
        assertLost(Loss.EMPTIED, sink::verify);
        Files.writeString(file, "1\n2\n");
        part(sink, at(4)).writeBatch(records("3"));
        sink.verify();
        assertThat(file).hasContent("1\n2\n3\n");
    }

    @Test
    void remembersWhatWasLostBeforeTheStart() throws IOException {
        assertLost(Loss.GONE, () -> part(sink, at(4)));
        assertLost(Loss.GONE, sink::verify);
        Files.writeString(file, "1\n");
        assertLost(Loss.EMPTIED, sink::verify);
        Files.writeString(file, "1\n2\n");
        sink.verify();
    }

    @Test
    void missesTheFileOfAPartitionThatWasClosed() throws IOException {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1", "2"));
        partition.close();
        sink.verify();
        Files.writeString(file, "1\n");
        assertLost(Loss.EMPTIED, sink::verify);
        Files.delete(file);
        assertLost(Loss.GONE, sink::verify);
    }

    @Test
    void leavesAClosedPartitionToTheProcessThatTookItUp() throws Exception {
        part(sink, null).writeBatch(records("1", "2"));
        part(sink, at(4)).close();
        assertThat(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Successor.class.getName(),
                                directory.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        assertThat(file).hasContent("1\n");
        sink.verify();
    }

    /** Another process that takes the partition back. */
    static final class Successor {
        public static void main(String[] arguments) {
            FileSink<State> sink = new Fixture(Path.of(arguments[0])).singleSink();
            part(sink, at(4)).rewind(1, at(2));
            part(sink, at(2));
        }
    }

    @Test
    void beginsAnewOnceTheLossIsAccepted() {
        assertLost(Loss.GONE, () -> part(sink, at(4)));
        part(sink, null).writeBatch(records("3"));
        sink.verify();
        assertThat(file).hasContent("3\n");
    }

    @Test
    void leavesOtherPartitionsAlone() throws IOException {
        FileSink<State> two = files.singleSink("two", "a", "b");
        StatefulSinkPartition<SinkRecord, State> a = two.buildPart("two", "a", null);
        StatefulSinkPartition<SinkRecord, State> b = two.buildPart("two", "b", null);
        a.writeBatch(records("1"));
        b.writeBatch(records("1"));
        Files.delete(directory.resolve("a.ndjson"));
        assertLost(Loss.GONE, () -> a.writeBatch(records("2")));
        b.writeBatch(records("2"));
        assertLost(Loss.GONE, two::verify).hasMessageContaining("of 1 partition are gone: ");
        assertThat(directory.resolve("b.ndjson")).hasContent("1\n2\n");
        two.close();
    }

    @Test
    void noticesAnotherDirectoryInItsPlace() throws IOException {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1"));
        Path former = Files.move(directory, home.resolve("former"));
        assertLost(Loss.GONE, sink::verify).hasMessageContaining("is not a directory (any more)");
        Files.createDirectory(directory);
        Files.writeString(file, "1\n");
        assertLost(Loss.REPLACED, sink::verify).hasMessageContaining("another directory");
        assertLost(Loss.REPLACED, () -> partition.writeBatch(records("2")));
        assertLost(Loss.REPLACED, () -> part(sink, at(2)));
        assertLost(Loss.REPLACED, () -> part(sink, null));
        assertThat(file).hasContent("1\n");
        Files.delete(file);
        Files.delete(directory);
        Files.move(former, directory);
        sink.verify();
        part(sink, at(2)).writeBatch(records("2"));
        assertThat(file).hasContent("1\n2\n");
    }

    @Test
    void noticesASymbolicLinkThatWasSwitched() throws IOException {
        Path one = Files.createDirectory(home.resolve("one"));
        Path link = Files.createSymbolicLink(home.resolve("link"), one);
        FileSinkProperties settings = new FileSinkProperties(link.toString(), Layout.SEGMENTS, null, null, null);
        FileSink<?> linked = files.type().create("linked", List.of("p"), settings);
        linked.prepare();
        StatefulSinkPartition<SinkRecord, ?> partition = linked.buildPart("linked", "p", null);
        partition.writeBatch(records("1"));
        Files.delete(link);
        Files.createSymbolicLink(link, Files.createDirectory(home.resolve("two")));
        assertLost(Loss.REPLACED, linked::verify).hasMessageContaining(one.toString());
        assertLost(Loss.REPLACED, () -> partition.writeBatch(records("2")));
        assertThat(home.resolve("two")).isEmptyDirectory();
        linked.close();
    }

    @Test
    void seesLostSegmentsThatNobodyOpens() throws IOException {
        FileSink<Manifest> small = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentPartition partition = segments(small, null);
        partition.writeBatch(records("1"));
        partition.writeBatch(records("2"));
        Path first = directory.resolve(names(partition.snapshot()).get(0));
        Path elsewhere = Files.move(first, directory.resolve("moved"));
        assertLost(Loss.GONE, small::verify).hasMessageContaining(first.toString());
        Files.move(elsewhere, first);
        small.verify();
        Files.writeString(first, "");
        assertLost(Loss.EMPTIED, small::verify);
        assertLost(Loss.EMPTIED, () -> segments(small, partition.snapshot()));
        small.close();
    }

    @Test
    void seesWhatTheNewestManifestFileListsAndTheOneBeforeIt() throws IOException {
        FileSink<Manifest> tiny = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentPartition partition = segments(tiny, null);
        for (int i = 0; i <= 2 * SegmentPartition.MOST_SEGMENTS; i++) {
            partition.writeBatch(records("1"));
        }
        Manifest manifest = partition.snapshot();
        ManifestFiles.Content newest = new ManifestFiles(
                        new SinkDirectory(directory, Disk.REAL, files.handles, java.util.Set.of(), Confines.NONE),
                        new SegmentNames("p"))
                .read(manifest.sealed());
        for (String name : List.of(
                newest.segments().get(7).name(),
                manifest.sealed().name(),
                newest.previous().name())) {
            Path lost = directory.resolve(name);
            Path elsewhere = Files.move(lost, directory.resolve("moved"));
            assertLost(Loss.GONE, tiny::verify).hasMessageContaining(name);
            assertLost(Loss.GONE, () -> segments(tiny, manifest)).hasMessageContaining(name);
            assertThat(lost).doesNotExist();
            Files.move(elsewhere, lost);
            segments(tiny, manifest);
            tiny.verify();
        }
        Path cut = directory.resolve(manifest.sealed().name());
        Files.writeString(cut, "x", StandardOpenOption.TRUNCATE_EXISTING);
        assertLost(Loss.EMPTIED, tiny::verify);
        tiny.close();
    }

    /* The segments of a shared volume: what this process knows of them may be out of date. */
    @Test
    void doesNotMissWhatAnotherProcessHasTakenBack() {
        FileSink<Manifest> idle = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentPartition here = segments(idle, null);
        here.writeBatch(records("1"));
        Manifest earlier = here.snapshot();
        here.writeBatch(records("2"));

        FileSink<Manifest> other = new Fixture(directory).segmentSink(DataSize.ofBytes(1), null, null);
        segments(other, here.snapshot()).rewind(1, earlier);
        segments(other, earlier).writeBatch(records("3"));
        assertThat(Stored.lines(directory, "p")).containsExactly("1", "3");
        idle.verify();
        idle.close();
        other.close();
    }

    @Test
    void letsAWorkerMissItsFileOnceAndGoOn() throws IOException {
        FileDynamicSink workers = files.type().createDynamic("out", files.single());
        workers.prepare();
        StatelessSinkPartition<SinkRecord> worker = workers.build("out", 0, 1);
        worker.writeBatch(records("1"));
        Path written = directory.resolve("out.worker_0");
        Files.move(written, directory.resolve("moved"));
        assertUnavailable(() -> worker.writeBatch(records("2")))
                .hasMessageContaining("acknowledged records are gone")
                .hasMessageContaining("the next one goes on");
        worker.writeBatch(records("2"));
        workers.verify();
        assertThat(written).hasContent("2\n");
        workers.close();
    }

    @Test
    void refusesAFileWithoutASnapshotAsLongAsItIsThere() throws IOException {
        Fixture later = new Fixture(directory, Clock.offset(Clock.systemUTC(), java.time.Duration.ZERO));
        FileSink<State> next = later.singleSink("next", "q");
        Path foreign = Files.createDirectory(directory.resolve("q.ndjson"));
        assertBroken(() -> part(next, null)).hasMessageContaining("not a regular file");
        assertBroken(next::verify).hasMessageContaining("q, failing since");
        Files.delete(foreign);
        part(next, null).writeBatch(records("1"));
        next.verify();
        next.close();
    }
}

package dev.sluice.file;

import static dev.sluice.file.Fixture.assertBroken;
import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.names;
import static dev.sluice.file.Fixture.records;
import static dev.sluice.file.Fixture.segments;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.file.Manifest.Sealed;
import dev.sluice.file.Manifest.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

class SegmentsIT {

    @TempDir
    Path directory;

    private final SetClock clock = new SetClock();
    private Fixture files;
    private FileSink<Manifest> sink;

    @BeforeEach
    void prepare() {
        files = new Fixture(directory, clock);
        sink = files.segmentSink();
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void namesASegmentAfterItsTokenAndNumberAndListsItsBytes() {
        SegmentPartition partition = segments(sink, null);
        assertThat(partition.snapshot()).isEqualTo(Manifest.EMPTY);
        partition.fence(7, 0);
        files.disk.forcedDirectories.clear();
        partition.writeBatch(records("1", "{\n\"a\":\r2}"));
        Segment segment = partition.snapshot().segments().get(0);
        assertThat(segment.name()).matches("p-0000000007-0000000001-[0-9a-f]{8}\\.ndjson");
        assertThat(directory.resolve(segment.name()))
                .hasContent("1\n{ \"a\": 2}\n")
                .hasSize(segment.bytes());
        assertThat(files.disk.forcedDirectories).containsExactly(files.directory);
    }

    @Test
    void startsASegmentForEachWriterAndForEachObject() {
        SegmentPartition partition = segments(sink, null);
        partition.fence(1, 0);
        partition.writeBatch(records("1"));
        partition.fence(1, 0);
        partition.writeBatch(records("2"));
        partition.fence(2, 0);
        partition.writeBatch(records("3"));
        SegmentPartition rebuilt = segments(sink, partition.snapshot());
        rebuilt.fence(2, 0);
        rebuilt.writeBatch(records("4"));
        assertThat(names(rebuilt.snapshot()))
                .hasSize(3)
                .isSorted()
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("p-0000000001-0000000001-"),
                        two -> assertThat(two).startsWith("p-0000000002-0000000002-"),
                        three -> assertThat(three).startsWith("p-0000000002-0000000003-"));
        assertThat(Stored.lines(directory, "p")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void startsASegmentWhenTheLastOneIsLargeEnough() {
        FileSink<Manifest> small = files.segmentSink(DataSize.ofBytes(4), null, null);
        SegmentPartition partition = segments(small, null);
        for (String value : List.of("1", "2", "3", "44444", "5")) {
            partition.writeBatch(records(value));
        }
        assertThat(partition.snapshot().segments()).extracting(Segment::bytes).containsExactly(4L, 8L, 2L);
    }

    @Test
    void startsASegmentWhenTheLastOneIsOldEnough() {
        FileSink<Manifest> hourly = files.segmentSink(null, Duration.ofHours(1), null);
        SegmentPartition partition = segments(hourly, null);
        partition.writeBatch(records("1"));
        clock.pass(Duration.ofMinutes(59));
        partition.writeBatch(records("2"));
        clock.pass(Duration.ofMinutes(1));
        partition.writeBatch(records("3"));
        assertThat(partition.snapshot().segments()).extracting(Segment::bytes).containsExactly(4L, 2L);
    }

    @ParameterizedTest
    @EnumSource
    void packsEachBatchSoThatASegmentMayEndAfterAnyOfThem(Compression compression) throws IOException {
        FileSink<Manifest> packed = files.segmentSink(null, null, compression);
        SegmentPartition partition = segments(packed, null);
        partition.writeBatch(records("1", "2"));
        Manifest one = partition.snapshot();
        partition.writeBatch(records("3"));
        Path file = directory.resolve(names(one).get(0));
        assertThat(file.toString()).endsWith(".ndjson" + compression.extension());
        assertThat(Stored.lines(file)).containsExactly("1", "2", "3");
        assertThat(Files.size(file))
                .isEqualTo(partition.snapshot().segments().get(0).bytes());

        segments(packed, one);
        assertThat(file).hasSize(one.segments().get(0).bytes());
        assertThat(Stored.lines(file)).containsExactly("1", "2");
    }

    @Test
    void staysSmallWhateverTheNumberOfSegments() {
        FileSink<Manifest> tiny = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentPartition partition = segments(tiny, null);
        int most = SegmentPartition.MOST_SEGMENTS;
        for (int i = 0; i < 2 * most + 1; i++) {
            partition.writeBatch(records(Integer.toString(i)));
            assertThat(partition.snapshot().segments()).hasSizeLessThanOrEqualTo(most);
        }
        Manifest manifest = partition.snapshot();
        assertThat(manifest.sealed().count()).isEqualTo(2L * most);
        assertThat(manifest.segments()).hasSize(1);
        assertThat(names(manifest).get(0)).startsWith("p-0000000000-0000000401-");
        JsonMapper json = new JsonMapper();
        String text = json.writeValueAsString(manifest);
        assertThat(json.readValue(text, tiny.stateType())).isEqualTo(manifest);

        ManifestFiles older = new ManifestFiles(
                new SinkDirectory(files.directory, Disk.REAL, files.handles, Set.of(), Confines.NONE),
                new SegmentNames("p"));
        ManifestFiles.Content second = older.read(manifest.sealed());
        ManifestFiles.Content first = older.read(second.previous());
        assertThat(first.previous()).isEqualTo(Sealed.NONE);
        assertThat(first.segments()).hasSize(most);
        assertThat(second.segments()).hasSize(most);
        assertThat(json.readTree(directory.resolve(manifest.sealed().name()).toFile())
                        .get("segments"))
                .hasSize(most);
        assertThat(Stored.lines(directory, "p")).hasSize(2 * most + 1).startsWith("0", "1", "2");
    }

    @Test
    void fitsIntoASnapshotWithTheLongestNamesToo() {
        FileSink<Manifest> tiny = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentNames longest = new SegmentNames("x".repeat(128));
        Manifest full = new Manifest(
                1,
                new Sealed(Long.MAX_VALUE, longest.manifest(Long.MAX_VALUE), Long.MAX_VALUE),
                Collections.nCopies(
                        SegmentPartition.MOST_SEGMENTS,
                        new Segment(
                                longest.segment(Long.MAX_VALUE, Long.MAX_VALUE, Compression.ZSTD), Long.MAX_VALUE)));
        assertThat(new JsonMapper().writeValueAsBytes(full)).hasSizeLessThan(64 * 1024);
        assertThat(tiny.stateType()).isEqualTo(Manifest.class);
    }

    @Test
    void forcesAManifestFileBeforeTheStateNamesIt() {
        FileSink<Manifest> tiny = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentPartition partition = segments(tiny, null);
        for (int i = 0; i < SegmentPartition.MOST_SEGMENTS; i++) {
            partition.writeBatch(records("1"));
        }
        int forces = files.disk.forces;
        files.disk.forcedDirectories.clear();
        partition.writeBatch(records("1"));
        assertThat(files.disk.forces).isEqualTo(forces + 2);
        assertThat(files.disk.forcedDirectories).containsExactly(files.directory, files.directory);
    }

    @Test
    void refusesALostManifestFile() throws IOException {
        FileSink<Manifest> tiny = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentPartition partition = segments(tiny, null);
        for (int i = 0; i <= SegmentPartition.MOST_SEGMENTS; i++) {
            partition.writeBatch(records("1"));
        }
        Manifest manifest = partition.snapshot();
        Path sealed = directory.resolve(manifest.sealed().name());
        Files.writeString(sealed, "x", StandardOpenOption.APPEND);
        assertBroken(() -> segments(tiny, manifest))
                .hasMessageContaining((manifest.sealed().bytes() + 1) + " bytes")
                .hasMessageContaining("should have " + manifest.sealed().bytes());
        Files.delete(sealed);
        assertBroken(() -> segments(tiny, manifest)).hasMessageContaining("is missing");
    }

    @Test
    void refusesAShorterOrMissingSegmentAndTellsBothSizes() throws IOException {
        SegmentPartition partition = segments(sink, null);
        partition.writeBatch(records("1", "2"));
        Manifest manifest = partition.snapshot();
        Path segment = directory.resolve(names(manifest).get(0));
        Files.writeString(segment, "1\n");
        assertBroken(() -> segments(sink, manifest))
                .hasMessageContaining(segment.getFileName().toString())
                .hasMessageContaining("2 bytes")
                .hasMessageContaining("4 bytes");
        assertThat(Files.readString(segment)).isEqualTo("1\n");
        Files.delete(segment);
        assertBroken(() -> segments(sink, manifest)).hasMessageContaining("is missing");
    }

    @Test
    void cutsALongerSegmentAndLeavesUnlistedOnesAlone() throws IOException {
        SegmentPartition partition = segments(sink, null);
        partition.writeBatch(records("1"));
        Manifest manifest = partition.snapshot();
        partition.writeBatch(records("2"));
        Path orphan = Files.writeString(directory.resolve("p-0000000000-0000000002-00000000.ndjson"), "3\n");
        SegmentPartition rebuilt = segments(sink, manifest);
        assertThat(directory.resolve(names(manifest).get(0))).hasContent("1\n");
        assertThat(orphan).hasContent("3\n");
        rebuilt.writeBatch(records("4"));
        assertThat(names(rebuilt.snapshot()))
                .hasSize(2)
                .doesNotContain(orphan.getFileName().toString());
    }

    @Test
    void doesNotMindAStoppedProcessThatStillWritesToItsSegment() {
        SegmentPartition stopped = segments(sink, null);
        stopped.fence(1, 0);
        stopped.writeBatch(records("1"));
        Manifest committed = stopped.snapshot();
        FileSink<Manifest> elsewhere = new Fixture(directory, clock).segmentSink();
        SegmentPartition next = segments(elsewhere, committed);
        next.fence(2, 0);
        next.writeBatch(records("2"));
        stopped.writeBatch(records("\"late\""));

        SegmentPartition after = segments(elsewhere, next.snapshot());
        assertThat(Stored.lines(directory, "p")).containsExactly("1", "2");
        assertThat(after.snapshot()).isEqualTo(next.snapshot());
        elsewhere.close();
    }

    @Test
    void refusesSegmentsThatItHasNotWrittenAndErasesNone() throws IOException {
        Path foreign = Files.writeString(directory.resolve("p-0000000001-0000000001-00000000.ndjson"), "1\n");
        assertBroken(() -> segments(sink, null))
                .hasMessageContaining(foreign.getFileName().toString())
                .hasMessageContaining("Move them away");
        assertThat(foreign).hasContent("1\n");
    }

    @Test
    void refusesAManifestThatLeadsElsewhere() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside"), "1\n");
        for (String name : List.of("../outside", "outside", "q-0000000001-0000000001-00000000.ndjson")) {
            Manifest leading = new Manifest(1, Sealed.NONE, List.of(new Segment(name, 1)));
            assertBroken(() -> segments(sink, leading)).hasMessageContaining("'" + name + "'");
            Manifest older = new Manifest(1, new Sealed(1, name, 2), List.of());
            assertBroken(() -> segments(sink, older)).hasMessageContaining("'" + name + "'");
        }
        assertThat(outside).hasContent("1\n");
        assertBroken(() -> segments(sink, new Manifest(2, Sealed.NONE, List.of())))
                .hasMessageContaining("version 2");
    }

    @Test
    void refusesASymbolicLinkInTheStead() throws IOException {
        SegmentPartition partition = segments(sink, null);
        partition.writeBatch(records("1"));
        Path segment = directory.resolve(names(partition.snapshot()).get(0));
        Path moved = Files.move(segment, directory.resolve("moved"));
        Files.createSymbolicLink(segment, moved);
        assertBroken(() -> segments(sink, partition.snapshot())).hasMessageContaining("symbolic link");
    }

    @Test
    void leavesNothingOfAWriteForWhichThereWasNoRoom() {
        SegmentPartition partition = segments(sink, null);
        files.disk.leaveRoomFor(3);
        assertUnavailable(() -> partition.writeBatch(records("\"one\""))).hasMessageContaining("is full");
        assertThat(Stored.files(directory, "p")).isEmpty();

        files.disk.leaveRoomFor(8);
        SegmentPartition rebuilt = segments(sink, Manifest.EMPTY);
        rebuilt.writeBatch(records("\"one\""));
        Manifest manifest = rebuilt.snapshot();
        assertUnavailable(() -> rebuilt.writeBatch(records("\"two\""))).hasMessageContaining("is full");
        assertThat(Stored.lines(directory, "p")).containsExactly("\"one\"");

        files.disk.leaveRoomFor(100);
        segments(sink, manifest).writeBatch(records("\"two\""));
        assertThat(Stored.lines(directory, "p")).containsExactly("\"one\"", "\"two\"");
    }

    @Test
    void neverAppendsToASegmentThatFailedToBeForced() {
        SegmentPartition partition = segments(sink, null);
        partition.writeBatch(records("1"));
        Manifest manifest = partition.snapshot();
        files.disk.failNextForce();
        assertUnavailable(() -> partition.writeBatch(records("2")));
        SegmentPartition rebuilt = segments(sink, manifest);
        rebuilt.writeBatch(records("2"));
        assertThat(rebuilt.snapshot().segments())
                .hasSize(2)
                .startsWith(manifest.segments().get(0));
        assertThat(Stored.lines(directory, "p")).containsExactly("1", "2");
    }
}

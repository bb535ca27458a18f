package dev.sluice.file;

import static dev.sluice.file.Fixture.names;
import static dev.sluice.file.Fixture.records;
import static dev.sluice.file.Fixture.segments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.file.Manifest.Sealed;
import dev.sluice.file.Manifest.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

class SegmentRewindIT {

    @TempDir
    Path directory;

    private Fixture files;
    private FileSink<Manifest> sink;

    @BeforeEach
    void prepare() {
        files = new Fixture(directory);
        sink = files.segmentSink(DataSize.ofBytes(4), null, null);
    }

    @Test
    void deletesWhatItLeftOutOnceTheEarlierManifestIsCommitted() {
        SegmentPartition partition = segments(sink, null);
        write(partition, 3);
        Manifest earlier = partition.snapshot();
        write(partition, 3);
        Manifest current = partition.snapshot();
        partition.rewind(3, earlier);
        assertThat(partition.snapshot()).isEqualTo(earlier);
        assertThatIllegalStateException().isThrownBy(() -> partition.writeBatch(records("x")));
        assertThat(Stored.lines(directory, "p")).hasSize(6);

        segments(sink, earlier);
        assertThat(Stored.lines(directory, "p")).hasSize(3);
        assertThat(current.segments()).hasSize(3);
        assertThat(Stored.files(directory, "p")).hasSize(2);
    }

    @Test
    void deletesNothingOfARewindThatWasNotCommitted() {
        SegmentPartition partition = segments(sink, null);
        write(partition, 6);
        Manifest current = partition.snapshot();
        partition.rewind(0, null);
        segments(sink, current);
        segments(sink, current);
        assertThat(Stored.lines(directory, "p")).hasSize(6);
    }

    @Test
    void goesBackToTheVeryBeginningWithoutAState() {
        SegmentPartition partition = segments(sink, null);
        write(partition, 6);
        partition.rewind(0, null);
        assertThat(partition.snapshot()).isEqualTo(Manifest.EMPTY);
        segments(sink, Manifest.EMPTY);
        assertThat(Stored.files(directory, "p")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> partition.rewind(1, null));
    }

    @Test
    void goesBackBehindManifestFiles() {
        FileSink<Manifest> tiny = files.segmentSink(DataSize.ofBytes(1), null, null);
        SegmentPartition partition = segments(tiny, null);
        write(partition, 5);
        Manifest five = partition.snapshot();
        write(partition, SegmentPartition.MOST_SEGMENTS + 5);
        Manifest oneSealed = partition.snapshot();
        write(partition, SegmentPartition.MOST_SEGMENTS);
        Manifest current = partition.snapshot();
        assertThat(current.sealed().count()).isGreaterThan(oneSealed.sealed().count());

        partition.rewind(210, oneSealed);
        SegmentPartition back = segments(tiny, oneSealed);
        assertThat(Stored.lines(directory, "p")).hasSize(210);
        assertThat(directory.resolve(current.sealed().name())).doesNotExist();
        assertThat(directory.resolve(oneSealed.sealed().name())).exists();

        back.rewind(5, five);
        SegmentPartition furtherBack = segments(tiny, five);
        assertThat(Stored.lines(directory, "p")).hasSize(5);
        assertThat(directory.resolve(oneSealed.sealed().name())).doesNotExist();
        write(furtherBack, 1);
        assertThat(names(furtherBack.snapshot()).get(5)).startsWith("p-0000000000-0000000006-");
    }

    @Test
    void refusesStatesThatWereNeverItsOwn() {
        SegmentPartition partition = segments(sink, null);
        partition.writeBatch(records("\"one\""));
        write(partition, 4);
        Manifest current = partition.snapshot();
        List<Segment> listed = current.segments();
        Segment first = listed.get(0);
        Segment second = listed.get(1);
        refuses(partition, with(new Segment("../x", 1)));
        refuses(partition, with(second));
        refuses(partition, with(first, new Segment(second.name(), second.bytes() + 1)));
        refuses(partition, with(first, new Segment(second.name(), 0)));
        refuses(partition, with(first, new Segment(second.name(), 1)));
        refuses(partition, with(new Segment(first.name(), 2), second));
        List<Segment> more = new ArrayList<>(listed);
        more.add(first);
        refuses(partition, with(more.toArray(Segment[]::new)));
        refuses(partition, new Manifest(1, new Sealed(1, "p-0000000001-00000000.manifest.json", 9), List.of()));
        refuses(partition, new Manifest(1, new Sealed(0, "x", 0), List.of()));
        refuses(partition, new Manifest(2, Sealed.NONE, List.of()));

        assertThat(partition.snapshot()).isEqualTo(current);
        partition.rewind(2, with(first, new Segment(second.name(), 2)));
        segments(sink, partition.snapshot());
        assertThat(Stored.lines(directory, "p")).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void refusesToCutAPackedBatchInTwo(Compression compression) {
        FileSink<Manifest> packed = files.segmentSink(null, null, compression);
        SegmentPartition partition = segments(packed, null);
        partition.writeBatch(records("1"));
        Segment one = partition.snapshot().segments().get(0);
        partition.writeBatch(records("2"));
        refuses(partition, with(new Segment(one.name(), one.bytes() - 1)));
        refuses(partition, with(new Segment(one.name(), one.bytes() + 1)));
        partition.rewind(1, with(one));
        segments(packed, partition.snapshot());
        assertThat(Stored.lines(directory, "p")).containsExactly("1");
    }

    private static void write(SegmentPartition partition, int batches) {
        for (int i = 0; i < batches; i++) {
            partition.writeBatch(records("1"));
        }
    }

    private static Manifest with(Segment... segments) {
        return new Manifest(1, Sealed.NONE, List.of(segments));
    }

    private static void refuses(SegmentPartition partition, Manifest foreign) {
        assertThatIllegalArgumentException()
                .as(foreign.toString())
                .isThrownBy(() -> partition.rewind(1, foreign))
                .withMessageContaining("was never this partition's");
    }
}

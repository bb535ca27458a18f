package dev.sluice.file;

import static dev.sluice.file.Fixture.assertBroken;
import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.file.FileSinkProperties.Layout;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWorkersIT {

    @TempDir
    Path directory;

    private Fixture files;
    private FileDynamicSink sink;
    private Path file;

    @BeforeEach
    void prepare() {
        files = new Fixture(directory);
        sink = files.type().createDynamic("out", files.single());
        sink.prepare();
        file = directory.resolve("out.worker_1");
    }

    @AfterEach
    void close() {
        sink.close();
    }

    private StatelessSinkPartition<SinkRecord> worker() {
        return sink.build("out", 1, 2);
    }

    @Test
    void appendsToAFileOfItsOwnAndForcesIt() {
        StatelessSinkPartition<SinkRecord> worker = worker();
        worker.writeBatch(records("1", "{\n}"));
        worker.writeBatch(records());
        assertThat(files.disk.forces).isEqualTo(1);
        worker().writeBatch(records("2"));
        sink.build("out", 0, 2).writeBatch(records("other"));
        assertThat(file).hasContent("1\n{ }\n2\n");
        assertThat(directory.resolve("out.worker_0")).hasContent("other\n");
    }

    @Test
    void keepsWhatIsThereAndEndsATornLine() throws IOException {
        Files.writeString(file, "1\n{\"torn\":");
        StatelessSinkPartition<SinkRecord> worker = worker();
        worker.writeBatch(records("2"));
        worker.writeBatch(records("3"));
        assertThat(Files.readString(file)).isEqualTo("1\n{\"torn\":\n2\n3\n");
    }

    @Test
    void goesOnAfterAFullDiskWithoutBeingBuiltAnew() throws IOException {
        StatelessSinkPartition<SinkRecord> worker = worker();
        worker.writeBatch(records("1"));
        files.disk.leaveRoomFor(2);
        assertUnavailable(() -> worker.writeBatch(records("\"two\""))).hasMessageContaining("is full");
        files.disk.leaveRoomFor(100);
        worker.writeBatch(records("\"two\""));
        assertThat(Files.readString(file)).isEqualTo("1\n\"t\n\"two\"\n");
    }

    @Test
    void replacesAFileThatFailedToBeForcedByACopy() throws IOException {
        StatelessSinkPartition<SinkRecord> worker = worker();
        worker.writeBatch(records("1"));
        Object before = Files.getAttribute(file, "unix:ino");
        files.disk.failNextForce();
        assertUnavailable(() -> worker.writeBatch(records("2")));
        worker.writeBatch(records("2"));
        assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(before);
        assertThat(Files.readString(file)).isEqualTo("1\n2\n2\n");
    }

    @Test
    void refusesASecondSinkAndASymbolicLink() throws IOException {
        StatelessSinkPartition<SinkRecord> worker = worker();
        FileDynamicSink replacement = files.type().createDynamic("out", files.single());
        assertUnavailable(() -> replacement.build("out", 1, 2)).hasMessageContaining("is being written by");
        worker.close();
        worker.close();
        Files.createSymbolicLink(file, directory.resolve("elsewhere"));
        StatelessSinkPartition<SinkRecord> linked = replacement.build("out", 1, 2);
        assertBroken(() -> linked.writeBatch(records("1"))).hasMessageContaining("symbolic link");
        assertThat(directory.resolve("elsewhere")).doesNotExist();
        replacement.close();
    }

    @Test
    void hasNoSegments() {
        FileSinkProperties segments = new FileSinkProperties(directory.toString(), Layout.SEGMENTS, null, null, null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.type().createDynamic("out", segments))
                .withMessageStartingWith("layout: ");
    }
}

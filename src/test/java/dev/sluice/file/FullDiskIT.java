package dev.sluice.file;

import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.part;
import static dev.sluice.file.Fixture.records;
import static dev.sluice.file.Fixture.segments;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.file.SingleFilePartition.State;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the disk refuses shows in the health, from the first failure until it would not fail any more. */
class FullDiskIT {

    @TempDir
    Path directory;

    private final SetClock clock = new SetClock();
    private Fixture files;
    private FileSink<State> sink;

    @BeforeEach
    void prepare() {
        files = new Fixture(directory, clock);
        sink = files.singleSink();
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void staysDownUntilThereIsRoomThoughNobodyWrites() {
        part(sink, null).writeBatch(records("1"));
        files.disk.leaveRoomFor(3);
        assertUnavailable(() -> part(sink, Fixture.at(2)).writeBatch(records("\"two\"")));
        files.disk.leaveRoomFor(3);
        assertUnavailable(sink::verify)
                .hasMessageContaining("1 partition fail: p, failing since 1970-01-01T00:00:00Z (1 times)")
                .hasMessageContaining("6 bytes are needed")
                .hasMessageContaining(" bytes are free");
        clock.pass(Duration.ofHours(1));
        files.disk.leaveRoomFor(3);
        assertUnavailable(sink::verify);
        sink.verifyHere();
        files.disk.leaveRoomFor(100);
        sink.verify();
        assertThat(directory).isDirectoryNotContaining("glob:**.probe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Disk quota exceeded",
                "Read-only file system",
                "Input/output error",
                "Operation not permitted",
                "File too large"
            })
    void tellsEveryReasonUntilAWriteSucceeds(String reason) {
        SingleFilePartition partition = part(sink, null);
        files.disk.refuse(reason);
        assertUnavailable(() -> partition.writeBatch(records("1")));
        assertUnavailable(() -> part(sink, Fixture.at(0)).writeBatch(records("1")));
        assertUnavailable(sink::verify).hasMessageContaining("(2 times)").hasMessageContaining(reason);
        clock.pass(Duration.ofHours(1));
        assertUnavailable(sink::verify);
        files.disk.refuse("");
        part(sink, Fixture.at(0)).writeBatch(records("1"));
        sink.verify();
    }

    /* A disk may take a probe and not the file: the writer, who comes again, knows better. */
    @Test
    void believesAProbeOnlyWhenNobodyHasFailedForAWhile() {
        SingleFilePartition partition = part(sink, null);
        files.disk.failNextForce();
        assertUnavailable(() -> partition.writeBatch(records("1")));
        assertUnavailable(sink::verify).hasMessageContaining("Input/output error");
        clock.pass(Duration.ofSeconds(16));
        sink.verify();
    }

    @Test
    void tellsOfSegmentsAndWorkersToo() {
        FileSink<Manifest> lists = files.segmentSink();
        FileDynamicSink workers = files.type().createDynamic("out", files.single());
        StatelessSinkPartition<SinkRecord> worker = workers.build("out", 0, 1);
        SegmentPartition list = segments(lists, null);
        files.disk.refuse("No space left on device");
        assertUnavailable(() -> list.writeBatch(records("1")));
        assertUnavailable(() -> worker.writeBatch(records("1")));
        assertUnavailable(lists::verify).hasMessageContaining("p, failing since");
        assertUnavailable(workers::verify).hasMessageContaining("out.worker_0, failing since");
        files.disk.refuse("");
        lists.verify();
        workers.verify();
        assertThat(Stored.files(directory, "p")).isEmpty();
        lists.close();
        workers.close();
    }

    @Test
    void countsNoMoreThanSomePartitions() {
        String[] names = new String[150];
        for (int i = 0; i < names.length; i++) {
            names[i] = "p" + i;
        }
        FileSink<State> many = files.singleSink("many", names);
        files.disk.refuse("No space left on device");
        for (String name : names) {
            assertUnavailable(() -> many.buildPart("many", name, null).writeBatch(records("1")));
        }
        assertUnavailable(many::verify)
                .hasMessageContaining("100 partitions fail")
                .hasMessageContaining(" | …");
        files.disk.refuse("");
        many.verify();
        many.close();
    }

    /* A real small disk where the machine lets a test mount one; elsewhere the others have to do. */
    @Test
    void worksTheSameOnARealDisk() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        if (!done("mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=20", "tmpfs", disk.toString())) {
            staysDownUntilThereIsRoomThoughNobodyWrites();
            return;
        }
        FileSink<State> small = new Fixture(disk).singleSink("small", "p", "q");
        try {
            part(small, null).writeBatch(records("1"));
            fillsUp(small, disk);
            runsOutOfInodes(small, disk);
            turnsReadOnly(small, disk);
            assertThat(disk.resolve("p.ndjson")).hasContent("1\n2\n3\n4\n");
        } finally {
            small.close();
            assertThat(done("umount", disk.toString())).isTrue();
        }
    }

    private static void fillsUp(FileSink<State> small, Path disk) throws IOException {
        Path filler = disk.resolve("filler");
        Files.write(filler, new byte[56 * 1024]);
        assertUnavailable(() -> part(small, Fixture.at(2)).writeBatch(records("\"" + "x".repeat(20_000) + "\"")))
                .hasMessageContaining("20003 bytes are needed");
        assertUnavailable(small::verify).hasMessageContaining("20003 bytes are needed");
        Files.delete(filler);
        small.verify();
        part(small, Fixture.at(2)).writeBatch(records("2"));
    }

    private static void runsOutOfInodes(FileSink<State> small, Path disk) throws IOException {
        int made = 0;
        try {
            while (true) {
                Files.createFile(disk.resolve("inode" + made));
                made++;
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        assertUnavailable(() -> small.buildPart("small", "q", null)).hasMessageContaining("an inode");
        assertUnavailable(small::verify).hasMessageContaining("q, failing since");
        part(small, Fixture.at(4)).writeBatch(records("3"));
        for (int i = 0; i < made; i++) {
            Files.delete(disk.resolve("inode" + i));
        }
        small.verify();
        small.buildPart("small", "q", null);
    }

    private static void turnsReadOnly(FileSink<State> small, Path disk) throws IOException, InterruptedException {
        SingleFilePartition partition = part(small, Fixture.at(6));
        partition.close();
        small.buildPart("small", "q", null).close();
        assertThat(done("mount", "-o", "remount,ro", disk.toString())).isTrue();
        assertUnavailable(small::verify).hasMessageContaining("cannot be written to");
        assertUnavailable(() -> part(small, Fixture.at(6)));
        assertThat(done("mount", "-o", "remount,rw", disk.toString())).isTrue();
        part(small, Fixture.at(6)).writeBatch(records("4"));
        small.verify();
    }

    private static boolean done(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}

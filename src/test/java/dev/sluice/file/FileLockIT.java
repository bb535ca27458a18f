package dev.sluice.file;

import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.at;
import static dev.sluice.file.Fixture.part;
import static dev.sluice.file.Fixture.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.file.SingleFilePartition.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockIT {

    @TempDir
    Path directory;

    @Test
    void refusesASecondProcessByNameUntilItIsGone() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        FileSink<State> sink = new Fixture(directory).singleSink();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("held");
            assertUnavailable(() -> part(sink, at(4)))
                    .hasMessageContaining("process " + holder.pid() + " on ")
                    .hasMessageContaining(
                            directory.toRealPath().resolve("p.ndjson").toString());
            assertThat(directory.resolve("p.ndjson")).hasContent("1\n2\n");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        part(sink, at(2)).writeBatch(records("3"));
        assertThat(directory.resolve("p.ndjson")).hasContent("1\n3\n");
        sink.close();
    }

    /** Another process that holds a partition until its standard input ends. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            SingleFilePartition partition = part(new Fixture(Path.of(arguments[0])).singleSink(), null);
            partition.writeBatch(records("1", "2"));
            System.out.println("held");
            System.in.readAllBytes();
        }
    }

    @Test
    void refusesASecondSinkOfTheSameProcessAndKeepsTheLockNevertheless() throws IOException {
        FileSink<State> first = new Fixture(directory).singleSink();
        FileSink<State> second = new Fixture(directory).singleSink("other", "p");
        SingleFilePartition partition = part(first, null);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertUnavailable(() -> part(second, null))
                    .hasMessageContaining("another sink of this process ("
                            + ProcessHandle.current().pid());
        }
        partition.writeBatch(records("1"));
        partition.close();
        partition.close();
        part(second, at(2)).writeBatch(records("2"));
        second.close();
        part(first, at(4));
        first.close();
        assertThat(directory.resolve("p.ndjson")).hasContent("1\n2\n");
    }

    @Test
    void buildsAPartitionAnewThoughTheOldOneWasNeverClosed() {
        FileSink<State> sink = new Fixture(directory).singleSink();
        part(sink, null).writeBatch(records("1"));
        part(sink, at(2)).writeBatch(records("2"));
        part(sink, at(4)).writeBatch(records("3"));
        assertThat(directory.resolve("p.ndjson")).hasContent("1\n2\n3\n");
        sink.close();
        assertUnavailable(() -> part(sink, at(6))).hasMessageContaining("was closed");
        FileSink<State> next = new Fixture(directory).singleSink();
        part(next, at(6)).close();
    }

    @Test
    void leavesNoLockBehindWhereAPartitionCannotBeBuilt() throws IOException {
        Files.writeString(directory.resolve("p.ndjson"), "somebody's");
        FileSink<State> sink = new Fixture(directory).singleSink();
        Fixture.assertBroken(() -> part(sink, null));
        Files.delete(directory.resolve("p.ndjson"));
        part(new Fixture(directory).singleSink(), null).close();
    }

    /* Whoever closes a descriptor of a file of locks drops the locks of the whole process in it. */
    @Test
    void keepsAllLocksWhenManyAreTakenForTheFirstTimeAtOnce() throws Exception {
        String[] names = IntStream.range(0, 64).mapToObj(i -> "p" + i).toArray(String[]::new);
        FileSink<State> sink = new Fixture(directory).singleSink("files", names);
        IntStream.range(0, 64).parallel().forEach(i -> sink.buildPart("files", names[i], null));
        List<String> ours = Files.readString(Path.of("/proc/locks"))
                .lines()
                .filter(line -> line.contains(" " + ProcessHandle.current().pid() + " "))
                .toList();
        long held = 0;
        for (int i = 0; i < 8; i++) {
            Object inode = Files.getAttribute(directory.resolve(".sluice-" + i + ".lock"), "unix:ino");
            held += ours.stream()
                    .filter(line -> line.contains(":" + inode + " "))
                    .count();
        }
        assertThat(held).isEqualTo(64);
        sink.close();
    }

    @Test
    void refusesTwoSinksThatWouldMeetInAFile() {
        Fixture files = new Fixture(directory);
        FileSink<State> first = files.singleSink("first", "a", "b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.singleSink("second", "c", "B"))
                .withMessageContaining("directory: " + files.directory)
                .withMessageContaining("'B'")
                .withMessageContaining("'first'");
        files.singleSink("third", "c");
        FileSink<State> replacement = files.singleSink("first", "a");
        first.close();
        files.singleSink("fourth", "b");
        assertThatIllegalArgumentException().isThrownBy(() -> files.singleSink("fifth", "a"));
        replacement.close();
        files.singleSink("sixth", "a");
    }

    @Test
    void refusesPartitionsThatDifferInCaseOnly() {
        Fixture files = new Fixture(directory);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.type().create("x", List.of("A", "a"), files.single()))
                .withMessageContaining("'A' and 'a'");
    }
}

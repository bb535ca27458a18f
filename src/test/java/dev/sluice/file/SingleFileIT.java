package dev.sluice.file;

import static dev.sluice.file.Fixture.assertBroken;
import static dev.sluice.file.Fixture.assertUnavailable;
import static dev.sluice.file.Fixture.at;
import static dev.sluice.file.Fixture.part;
import static dev.sluice.file.Fixture.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.file.SingleFilePartition.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SingleFileIT {

    @TempDir
    Path directory;

    private Fixture files;
    private FileSink<State> sink;
    private Path file;

    @BeforeEach
    void prepare() {
        files = new Fixture(directory);
        sink = files.singleSink();
        file = files.directory.resolve("p.ndjson");
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void writesALineForEachRecordAndForcesItBeforeItReturns() {
        SingleFilePartition partition = part(sink, null);
        int forces = files.disk.forces;
        partition.writeBatch(records("1", "{\"a\": \"x\\ny\"}"));
        assertThat(files.disk.forces).isEqualTo(forces + 1);
        assertThat(file).hasContent("1\n{\"a\": \"x\\ny\"}\n");
        assertThat(partition.snapshot().bytes()).isEqualTo(16);
    }

    @Test
    void keepsARecordThatWasSentOnManyLinesOnOne() {
        part(sink, null).writeBatch(records("{\r\n \"a\":\n1\n}", "2"));
        assertThat(file).hasContent("{   \"a\": 1 }\n2\n");
    }

    @Test
    void givesAnInitialStateAndForcesTheDirectoryOfANewFile() {
        assertThat(part(sink, null).snapshot()).isEqualTo(at(0));
        assertThat(file).isEmptyFile();
        assertThat(files.disk.forcedDirectories).contains(files.directory);
    }

    @Test
    void forcesTheParentsOfTheDirectoriesThatItMakes() {
        Fixture deeper = new Fixture(directory);
        FileSinkProperties settings = new FileSinkProperties(
                directory.resolve("a/b").toString(), FileSinkProperties.Layout.SINGLE, null, null, null);
        deeper.type().create("deep", List.of("p"), settings).prepare();
        assertThat(directory.resolve("a/b")).isDirectory();
        assertThat(deeper.disk.forcedDirectories).contains(directory, directory.resolve("a"));
    }

    @Test
    void makesTheFileAnewWhereNothingWasCommitted() {
        part(sink, at(0)).writeBatch(records("1"));
        assertThat(file).hasContent("1\n");
    }

    @Test
    void cutsALongerFileToItsCommittedLength() throws IOException {
        Files.writeString(file, "1\n2\n{\"torn\":");
        SingleFilePartition partition = part(sink, at(4));
        assertThat(Files.readString(file)).isEqualTo("1\n2\n");
        partition.writeBatch(records("3"));
        assertThat(Files.readString(file)).isEqualTo("1\n2\n3\n");
    }

    @Test
    void refusesAShorterFileTellsBothSizesAndLeavesItAsItIs() throws IOException {
        Files.writeString(file, "1\n2\n");
        assertBroken(() -> part(sink, at(6)))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("4 bytes")
                .hasMessageContaining("6 bytes");
        assertThat(Files.readString(file)).isEqualTo("1\n2\n");
    }

    @Test
    void refusesAMissingFileAndDoesNotMakeAnother() {
        assertBroken(() -> part(sink, at(6))).hasMessageContaining("is missing").hasMessageContaining("6 bytes");
        assertThat(file).doesNotExist();
    }

    @Test
    void refusesAFileThatItHasNotWrittenAndLeavesItAsItIs() throws IOException {
        Files.writeString(file, "somebody's");
        assertBroken(() -> part(sink, null))
                .hasMessageContaining("10 bytes that this sink has not written")
                .hasMessageContaining("Move it away");
        assertThat(Files.readString(file)).isEqualTo("somebody's");
    }

    @Test
    void refusesToCutAnotherFileInTheMiddleOfALine() throws IOException {
        Files.writeString(file, "somebody's\n");
        assertBroken(() -> part(sink, at(4))).hasMessageContaining("it is another file");
        assertThat(Files.readString(file)).isEqualTo("somebody's\n");
    }

    @Test
    void refusesAStateOfAnotherVersion() {
        assertBroken(() -> part(sink, new State(2, 0, null))).hasMessageContaining("version=2");
        assertBroken(() -> part(sink, at(-1)));
    }

    @Test
    void takesAnEmptyFileForNone() throws IOException {
        Files.createFile(file);
        part(sink, null).writeBatch(records("1"));
        assertThat(file).hasContent("1\n");
    }

    @Test
    void noticesThatItsFileWasAppendedTo() throws IOException {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1"));
        Files.writeString(file, "1\nx\n");
        assertBroken(() -> partition.writeBatch(records("2"))).hasMessageContaining("2 bytes and has 4");
        part(sink, at(2)).writeBatch(records("2"));
        assertThat(Files.readString(file)).isEqualTo("1\n2\n");
    }

    @Test
    void tellsThatTheDiskIsFullAndGoesOnOnceThereIsRoom() {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1"));
        files.disk.leaveRoomFor(3);
        assertUnavailable(() -> partition.writeBatch(records("\"two\"")))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is full")
                .hasMessageContaining("6 bytes");
        assertThat(file).hasSize(5);

        files.disk.leaveRoomFor(100);
        part(sink, at(2)).writeBatch(records("\"two\""));
        assertThat(file).hasContent("1\n\"two\"\n");
    }

    @Test
    void replacesAFileThatFailedToBeForcedByACopy() throws IOException {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1"));
        Object before = key();
        files.disk.failNextForce();
        assertUnavailable(() -> partition.writeBatch(records("2"))).hasMessageContaining("Input/output error");
        assertThat(key()).isEqualTo(before);

        files.disk.forcedDirectories.clear();
        SingleFilePartition rebuilt = part(sink, at(2));
        assertThat(key()).isNotEqualTo(before);
        assertThat(files.disk.forcedDirectories).containsExactly(files.directory);
        rebuilt.writeBatch(records("3"));
        assertThat(file).hasContent("1\n3\n");
        Object copy = key();
        part(sink, at(4));
        assertThat(key()).isEqualTo(copy);
        assertThat(directory.resolve(".p.ndjson.copy")).doesNotExist();
    }

    @Test
    void doesNotTrustAFileAgainBeforeItsCopyIsDurable() throws IOException {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1"));
        files.disk.failNextForce();
        assertUnavailable(() -> partition.writeBatch(records("2")));
        files.disk.failNextForce();
        assertUnavailable(() -> part(sink, at(2)));
        Object before = key();
        part(sink, at(2)).writeBatch(records("3"));
        assertThat(key()).isNotEqualTo(before);
        assertThat(file).hasContent("1\n3\n");
    }

    @Test
    void givesBackTheRoomOfACopyThatDidNotFit() throws IOException {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1", "2"));
        files.disk.failNextForce();
        assertUnavailable(() -> partition.writeBatch(records("3")));
        files.disk.leaveRoomFor(3);
        assertUnavailable(() -> part(sink, at(4))).hasMessageContaining("4 bytes are needed");
        assertThat(directory.resolve(".p.ndjson.copy")).doesNotExist();
        assertThat(Files.readString(file)).startsWith("1\n2\n");
        files.disk.leaveRoomFor(100);
        part(sink, at(4)).writeBatch(records("3"));
        assertThat(file).hasContent("1\n2\n3\n");
    }

    private Object key() throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void goesBackOnlyOnceTheEarlierStateIsCommitted() {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1", "2"));
        State earlier = partition.snapshot();
        partition.writeBatch(records("3"));
        partition.rewind(2, earlier);
        assertThat(file).hasContent("1\n2\n3\n");
        assertThatIllegalArgumentException().isThrownBy(() -> partition.rewind(3, at(6)));
        assertThat(partition.snapshot()).isEqualTo(earlier);
        assertThatIllegalStateException().isThrownBy(() -> partition.writeBatch(records("x")));

        part(sink, earlier);
        assertThat(file).hasContent("1\n2\n");
    }

    @Test
    void goesBackToTheVeryBeginningWithoutAState() {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("1"));
        partition.rewind(0, null);
        part(sink, partition.snapshot());
        assertThat(file).isEmptyFile();
    }

    @Test
    void refusesToGoBackToAStateThatWasNeverItsOwn() {
        SingleFilePartition partition = part(sink, null);
        partition.writeBatch(records("\"one\"", "2"));
        for (State foreign : new State[] {at(9), at(-1), at(3), new State(7, 6, null)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> partition.rewind(1, foreign))
                    .withMessageContaining("was never this partition's");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> partition.rewind(1, null));
        partition.writeBatch(records("3"));
        assertThat(file).hasContent("\"one\"\n2\n3\n");
    }

    @Test
    void refusesWhatIsNotARegularFile() throws IOException {
        Path target = Files.writeString(directory.resolve("elsewhere"), "");
        Files.createSymbolicLink(file, target);
        assertBroken(() -> part(sink, null)).hasMessageContaining("symbolic link");
        assertBroken(() -> part(sink, at(0))).hasMessageContaining("symbolic link");
        assertThat(target).isEmptyFile();
        Files.delete(file);
        Files.createDirectory(file);
        assertBroken(() -> part(sink, null)).hasMessageContaining("not a regular file");
    }

    @Test
    void keepsItsStateInAFewBytesOfJson() {
        JsonMapper json = new JsonMapper();
        State state = new State(1, 5, "0badcafe");
        String text = json.writeValueAsString(state);
        assertThat(text).isEqualTo("{\"version\":1,\"bytes\":5,\"tail\":\"0badcafe\"}");
        assertThat(json.readValue(text, sink.stateType())).isEqualTo(state);
        assertThat(json.readValue("{\"version\":1,\"bytes\":5}", sink.stateType()))
                .isEqualTo(at(5));
    }

    @Test
    void saysThatAFileIsInTheWayOfItsDirectory() throws IOException {
        Path taken = Files.writeString(directory.resolve("taken"), "");
        FileSinkProperties settings =
                new FileSinkProperties(taken.toString(), FileSinkProperties.Layout.SINGLE, null, null, null);
        FileSink<?> refused = files.type().create("taken", List.of("p"), settings);
        assertUnavailable(refused::prepare)
                .hasMessageContaining(taken + " cannot be made a directory: a file of that name is there");
    }

    @Test
    void saysThatItsDirectoryIsGone() throws IOException {
        sink.verify();
        Files.delete(directory);
        assertUnavailable(sink::verify).hasMessageContaining("is not a directory");
    }
}

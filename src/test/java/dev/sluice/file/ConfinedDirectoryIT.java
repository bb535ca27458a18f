package dev.sluice.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sink.ReservedDirectories;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links that are put in the place of a directory right after it was looked at, and right before it is used. */
class ConfinedDirectoryIT {

    @TempDir
    private Path everything;

    private Path root;
    private Path outside;
    private Path configured;
    private SinkDirectory directory;

    @BeforeEach
    void create() throws IOException {
        root = Files.createDirectory(everything.resolve("root"));
        outside = Files.createDirectories(everything.resolve("outside/inner")).getParent();
        configured = root.resolve("a/inner");
        directory = new SinkDirectory(
                configured,
                Disk.REAL,
                new FileHandles(16),
                Set.of(),
                new Confines(List.of(root), ReservedDirectories.NONE));
    }

    private void swap() throws IOException {
        Files.move(root.resolve("a"), root.resolve("before"));
        Files.createSymbolicLink(root.resolve("a"), outside);
    }

    private FileChannel created(String name) throws IOException {
        return directory.open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Test
    void opensAndRemovesFilesThereOnly() throws IOException {
        directory.create();
        created("x").close();
        created("y").close();
        directory.replace("x", "z");
        directory.deleteIfExists("y");
        directory.deleteIfExists("y");
        assertThat(directory.names(name -> true)).containsExactly("z");
        assertThat(configured.resolve("z")).exists();
    }

    @Test
    void doesNothingBehindALinkThatWasSwappedInSinceTheLastLook() throws IOException {
        directory.create();
        created("x").close();
        Files.writeString(outside.resolve("inner/x"), "somebody else's");
        directory.requireSame();
        swap();
        assertThatThrownBy(() -> created("new")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.open("x", StandardOpenOption.READ)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.deleteIfExists("x")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.replace("x", "y")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.names(name -> true)).isInstanceOf(SinkException.class);
        assertThat(outside.resolve("inner")).isDirectoryContaining("glob:**/x");
        assertThat(outside.resolve("inner/new")).doesNotExist();
        assertThat(outside.resolve("inner/y")).doesNotExist();
    }

    @Test
    void usesNoDirectoryThatWasReplacedBeforeItsFirstUse() throws IOException {
        Files.createDirectories(configured);
        swap();
        assertThatThrownBy(() -> created("new"))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("is outside of where");
        assertThatThrownBy(directory::create)
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("sluice.files.roots");
        assertThat(outside.resolve("inner")).isEmptyDirectory();
    }

    @Test
    void readsNoLinkThatStandsForAFile() throws IOException {
        directory.create();
        Files.writeString(outside.resolve("secret"), "a secret\n");
        Files.createSymbolicLink(configured.resolve("0.ndjson"), outside.resolve("secret"));
        assertThatThrownBy(() -> FileReader.read(directory, "0.ndjson", 0, 9, 1))
                .isInstanceOf(SinkException.class);
    }
}

package dev.sluice.file;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What a plain reader finds: the lines of a partition's files, in the order of their names. */
final class Stored {

    private Stored() {}

    static List<String> lines(Path directory, String partition) {
        List<String> lines = new ArrayList<>();
        files(directory, partition).forEach(file -> lines.addAll(lines(file)));
        return lines;
    }

    static List<Path> files(Path directory, String partition) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> {
                        String name = entry.getFileName().toString();
                        return (name.startsWith(partition + ".") || name.startsWith(partition + "-"))
                                && name.contains(".ndjson");
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> lines(Path file) {
        try (InputStream in = unpacked(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    private static InputStream unpacked(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (file.toString().endsWith(".gz")) {
            return new GZIPInputStream(in);
        }
        return file.toString().endsWith(".zst") ? new ZstdInputStreamNoFinalizer(in) : in;
    }
}

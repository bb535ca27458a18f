package dev.sluice.bench.question;

import dev.sluice.bench.load.RowFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The files that competitors load. */
final class RowFiles {

    private RowFiles() {}

    /** Writes four files for COPY, with the rows that four connections would send. */
    static List<Path> copy(Path directory, int partitions, int batch, long rows, long firstOffset) throws IOException {
        Path out = directory.resolve("rows-" + partitions + ".copy");
        RowFile.main(
                "--out",
                out.toString(),
                "--files",
                "4",
                "--partitions",
                "" + partitions,
                "--batch",
                "" + batch,
                "--rows",
                "" + rows,
                "--first-offset",
                "" + firstOffset);
        return IntStream.range(0, 4).mapToObj(f -> Path.of(out + "." + f)).toList();
    }

    /** Writes one file with a record on each line. */
    static Path ndjson(Path directory, int batch, long rows) throws IOException {
        Path out = directory.resolve("rows.ndjson");
        RowFile.main(
                "--out",
                out.toString(),
                "--format",
                "ndjson",
                "--partitions",
                "4",
                "--batch",
                "" + batch,
                "--rows",
                "" + rows);
        return out;
    }
}

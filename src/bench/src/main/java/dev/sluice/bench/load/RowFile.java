package dev.sluice.bench.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Writes the rows that {@link HttpLoad} sends as files for {@code COPY} (partition, offset, data, in its text format), or
 * as NDJSON. File number f of n has the batches of the partitions f, f + n, …, in the order of one connection of n.
 */
public final class RowFile {

    private RowFile() {}

    public static void main(String... arguments) throws IOException {
        Arguments given = new Arguments(arguments);
        Path out = Path.of(given.text("out", "rows.copy"));
        int files = given.integer("files", 1);
        int partitions = given.integer("partitions", 4);
        long rows = given.number("rows", 1_000_000);
        Pool pool = new Pool(given.integer("batch", 10_000), given.integer("record-bytes", 180));
        boolean ndjson = given.text("format", "copy").equals("ndjson");
        long firstOffset = given.number("first-offset", 0);
        given.refuseOthers();
        byte[][] data = IntStream.range(0, pool.batches() * pool.batch())
                .mapToObj(new Records(pool.recordBytes())::record)
                .map(ndjson ? json -> json : RowFile::escaped)
                .toArray(byte[][]::new);
        for (int f = 0; f < files; f++) {
            Path file = files == 1 ? out : Path.of(out + "." + f);
            try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
                int index = 0;
                for (long done = firstOffset; done < firstOffset + rows / partitions; done += pool.batch()) {
                    for (int p = 0; p < partitions; p++, index++) {
                        // Fewer partitions than files: the files share them, batch by batch.
                        if ((partitions < files ? index : p) % files == f) {
                            write(stream, ndjson ? "" : p + "\t", done, data, pool);
                        }
                    }
                }
            }
        }
    }

    private static void write(OutputStream out, String prefix, long first, byte[][] data, Pool pool)
            throws IOException {
        int base = pool.indexOf(first) * pool.batch();
        for (int i = 0; i < pool.batch(); i++) {
            if (!prefix.isEmpty()) {
                out.write((prefix + (first + i) + "\t").getBytes(StandardCharsets.UTF_8));
            }
            out.write(data[base + i]);
            out.write('\n');
        }
    }

    // In COPY's text format a backslash stands for itself only when doubled.
    private static byte[] escaped(byte[] json) {
        return new String(json, StandardCharsets.UTF_8).replace("\\", "\\\\").getBytes(StandardCharsets.UTF_8);
    }
}

package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The lines of an NDJSON file of less than 2 GB; each partition has its share, one after the other, from offset 0. */
final class FileBodies implements Bodies {

    private final int batch;
    private final int partitions;
    private final List<ByteBuffer> bodies;

    FileBodies(LoadOptions options) throws IOException {
        if (options.gzip() || options.json() || options.keyed()) {
            throw new IllegalArgumentException("--file is sent as it is: without --gzip, --keyed and --format json");
        }
        batch = options.batch();
        partitions = options.partitions().size();
        try (FileChannel channel = FileChannel.open(Path.of(options.file()), StandardOpenOption.READ)) {
            bodies = cut(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), batch);
        }
    }

    private static List<ByteBuffer> cut(MappedByteBuffer file, int batch) {
        List<ByteBuffer> bodies = new ArrayList<>();
        int start = 0;
        int lines = 0;
        for (int i = 0; i < file.limit(); i++) {
            if (file.get(i) == '\n' && ++lines == batch) {
                bodies.add(file.slice(start, i + 1 - start));
                start = i + 1;
                lines = 0;
            }
        }
        if (start < file.limit()) {
            throw new IllegalArgumentException("the file's lines do not divide into batches of " + batch);
        }
        return bodies;
    }

    @Override
    public ByteBuffer body(int partition, long offset) {
        int share = bodies.size() / partitions;
        return bodies.get(partition * share + (int) (offset / batch % share)).duplicate();
    }

    @Override
    public long batches(int partition) {
        return bodies.size() / partitions;
    }
}

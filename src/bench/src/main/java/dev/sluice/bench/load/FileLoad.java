package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What files take at most: threads that append lines to files of their own, in turn, each write followed by a flush to
 * the disk. Prints one line of JSON.
 */
public final class FileLoad {

    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(1);

    private final Path directory;
    private final int files;
    private final int threads;
    private final int batch;
    private final Bodies bodies;
    private final long measureFrom;
    private final long stopAt;

    private FileLoad(Arguments arguments) throws IOException {
        directory = Files.createDirectories(Path.of(arguments.text("directory", ".")));
        files = arguments.integer("files", 64);
        threads = arguments.integer("threads", 4);
        batch = arguments.integer("batch", 1);
        int seconds = arguments.integer("seconds", 10);
        arguments.refuseOthers();
        bodies = Bodies.of(LoadOptions.parse(new Arguments("--batch", "" + batch)));
        measureFrom = System.nanoTime() + WARM_UP;
        stopAt = measureFrom + TimeUnit.SECONDS.toNanos(seconds);
    }

    public static void main(String... arguments) throws Exception {
        FileLoad load = new FileLoad(new Arguments(arguments));
        double seconds = (load.stopAt - load.measureFrom) / 1e9;
        long writes = load.run();
        System.out.println("{\"rowsPerSecond\":%s,\"flushesPerSecond\":%s}"
                .formatted(writes * load.batch / seconds, writes / seconds));
    }

    private long run() throws Exception {
        List<Callable<Long>> work = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            work.add(() -> write(thread));
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            long writes = 0;
            for (Future<Long> result : executor.invokeAll(work)) {
                writes += result.get();
            }
            return writes;
        } finally {
            executor.shutdownNow();
        }
    }

    private long write(int thread) throws IOException {
        List<FileChannel> own = new ArrayList<>();
        try {
            for (int f = thread; f < files; f += threads) {
                own.add(FileChannel.open(
                        directory.resolve(f + ".ndjson"), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            }
            long writes = 0;
            long offset = 0;
            for (int turn = 0; System.nanoTime() < stopAt; turn++) {
                FileChannel channel = own.get(turn % own.size());
                ByteBuffer body = bodies.body(0, offset);
                while (body.hasRemaining()) {
                    channel.write(body);
                }
                channel.force(false);
                offset += batch;
                long now = System.nanoTime();
                writes += now >= measureFrom && now <= stopAt ? 1 : 0;
            }
            return writes;
        } finally {
            for (FileChannel channel : own) {
                channel.close();
            }
        }
    }
}

package dev.sluice.bench.load;

import java.util.ArrayList;
import java.util.List;

/** Sends numbered batches to a sink as fast as they are answered, or at a given rate, and prints one line of JSON. */
public final class HttpLoad {

    private HttpLoad() {}

    public static void main(String... arguments) throws Exception {
        try {
            LoadOptions options = LoadOptions.parse(new Arguments(arguments));
            Bodies bodies = Bodies.of(options);
            try (LoadLoop loop = new LoadLoop(options, bodies, cursors(options, bodies))) {
                System.out.println(loop.run());
            }
        } catch (LoadFailure | IllegalArgumentException e) {
            System.err.println("load: " + e.getMessage());
            System.exit(1);
        }
    }

    private static List<PartitionCursor> cursors(LoadOptions options, Bodies bodies) throws Exception {
        Snapshots snapshots = new Snapshots();
        List<PartitionCursor> cursors = new ArrayList<>();
        for (String name : options.partitions()) {
            int index = cursors.size();
            long standsAt = options.firstOffset() < 0 || options.replay() ? snapshots.nextOffset(options, name) : 0;
            long start = options.firstOffset() < 0 ? standsAt : options.firstOffset();
            boolean endless = options.seconds() > 0
                    || options.requests() > 0
                    || options.file().isEmpty();
            long stop = endless ? Long.MAX_VALUE : bodies.batches(index) * options.batch();
            cursors.add(new PartitionCursor(
                    index,
                    name,
                    start,
                    options.replay() ? standsAt : stop,
                    options.batch(),
                    options.replay() && options.seconds() > 0));
        }
        return cursors;
    }
}

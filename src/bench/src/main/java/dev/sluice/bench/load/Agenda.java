package dev.sluice.bench.load;

import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.IntStream;

/** Which partitions a connection works for: one that it may share, or its own ones in turn. */
final class Agenda {

    private final ArrayDeque<PartitionCursor> turn = new ArrayDeque<>();

    Agenda(int connection, int connections, List<PartitionCursor> partitions) {
        int step = Math.min(connections, partitions.size());
        IntStream.range(0, partitions.size())
                .filter(p -> p % step == connection % step)
                .mapToObj(partitions::get)
                .forEach(turn::add);
    }

    /** Whether there is a batch to send; without a batch left it stays so unless limits are raised. */
    boolean hasNext() {
        return turn.element().hasNext() || turn.stream().anyMatch(PartitionCursor::hasNext);
    }

    PartitionCursor next() {
        while (true) {
            PartitionCursor first = turn.remove();
            turn.add(first);
            if (first.hasNext()) {
                return first;
            }
        }
    }
}

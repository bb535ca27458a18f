package dev.sluice.bench.load;

/** Which batch of a partition is next; shared by the connections that work for it, all in one thread. */
final class PartitionCursor {

    private final int index;
    private final String name;
    private final long start;
    private final long stop;
    private final int batch;
    private final boolean again;
    private long next;
    private long left = Long.MAX_VALUE;

    /**
     * @param stop the offset at which the batches end
     * @param again whether to go back to the start there
     */
    PartitionCursor(int index, String name, long start, long stop, int batch, boolean again) {
        this.index = index;
        this.name = name;
        this.start = start;
        this.stop = stop;
        this.batch = batch;
        this.again = again;
        this.next = start;
    }

    int index() {
        return index;
    }

    String name() {
        return name;
    }

    /** Allows so many batches from now on. */
    void limit(long batches) {
        left = batches;
    }

    boolean hasNext() {
        if (again && next + batch > stop) {
            next = start;
        }
        return left > 0 && next + batch <= stop;
    }

    long take() {
        long offset = next;
        next += batch;
        left--;
        return offset;
    }
}

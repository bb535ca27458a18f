package dev.sluice.bench.load;

/**
 * Which generated record stands at which offset: a pool of records that repeats, cut along whole batches. The same for
 * requests, replays and files as long as batch and record size are the same.
 */
record Pool(int batch, int recordBytes) {

    private static final long BYTES = 24L << 20;

    /** How many batches there are until they repeat: no more than what costs little memory. */
    int batches() {
        return (int) Math.max(4, Math.min(8_192, BYTES / ((long) batch * recordBytes)));
    }

    int indexOf(long offset) {
        return (int) (offset / batch % batches());
    }
}

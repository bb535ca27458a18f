package dev.sluice.campaign.stream;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Feeds a partition that takes its records in any order: ranges at random, with holes between them that are filled later. */
public final class ScatteredWriter extends PartitionWriter {

    /* How far ahead of the first hole: fewer ranges than a partition may have. */
    private static final int WINDOW = 2_000;
    private static final int SIZE = 200;

    private final BitSet done = new BitSet();
    private final BitSet sent = new BitSet();

    public ScatteredWriter(
            Stream stream, Services services, int restMillis, long seed, History history, AtomicBoolean stop) {
        super(stream, services, restMillis, seed, history, stop);
    }

    @Override
    public boolean settle(long seconds) {
        long deadline = System.nanoTime() + seconds * 1_000_000_000;
        int end = (int) stream.sent() + 1;
        int hole = done.nextClearBit(0);
        while (hole < end && System.nanoTime() < deadline) {
            int next = done.nextSetBit(hole);
            write(hole, Math.min(next < 0 ? end : next, hole + 5_000));
            hole = done.nextClearBit(0);
        }
        return hole >= end;
    }

    @Override
    void step() {
        int hole = done.nextClearBit(0);
        int ahead = random.nextInt(20) == 0 ? 0 : random.nextInt(WINDOW);
        switch (random.nextInt(20)) {
            case 0 -> conflict(hole);
            case 1 -> abort(hole + ahead);
            // Across what is there and what is not, or only what is.
            case 2, 3 -> write(Math.max(0, hole - random.nextInt(SIZE)), hole + ahead / 10 + 1);
            case 4 -> write(Math.max(0, hole - SIZE), Math.max(1, hole));
            // The first holes, so that there is an end to them.
            case 5, 6, 7, 8 -> write(hole, hole + 1 + random.nextInt(SIZE));
            default -> write(hole + ahead, hole + ahead + 1 + random.nextInt(SIZE));
        }
    }

    private void write(int first, int end) {
        boolean known = done.nextClearBit(first) >= end;
        boolean possible = sent.nextClearBit(first) >= end;
        sent.set(first, end);
        stream.sending(end);
        int port = port();
        Answer answer = post(port, first, end, -1);
        note("place", first, end, port, answer);
        stream.placed(first, end, known, possible, done.nextClearBit(0), sent.nextClearBit(0), answer);
        if (answer.status() == 200) {
            done.set(first, end);
            stream.placedUntil(done.nextClearBit(0), done.cardinality());
        } else if (answer.leavesOpen()) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    private void conflict(int hole) {
        if (hole == 0) {
            return;
        }
        int corrupt = Math.max(0, hole - 1 - random.nextInt(SIZE));
        int port = port();
        Answer answer = post(port, corrupt, hole + 1, corrupt);
        note("conflict", corrupt, hole + 1, port, answer);
        stream.conflicting(corrupt, hole + 1, corrupt, answer);
    }

    private void abort(int first) {
        byte[] body = stream.ndjson(first, first + SIZE, -1);
        http.abort(port(), path(first), NDJSON, body, random.nextInt(body.length));
    }

    private Answer post(int port, int first, int end, int corrupt) {
        return http.post(port, path(first), NDJSON, stream.ndjson(first, end, corrupt));
    }

    private String path(int first) {
        return stream.path() + "?offset=" + first;
    }
}

package dev.sluice.campaign.stream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Feeds a sink with keyed records, which go to the partitions of their keys. */
public final class KeyedWriter extends PartitionWriter {

    private boolean again;

    public KeyedWriter(
            Stream stream, Services services, int restMillis, long seed, History history, AtomicBoolean stop) {
        super(stream, services, restMillis, seed, history, stop);
    }

    @Override
    public boolean settle(long seconds) {
        long deadline = System.nanoTime() + seconds * 1_000_000_000;
        long end = stream.sent() + 1;
        while (stream.acked() < end && System.nanoTime() < deadline) {
            write(stream.acked(), Math.min(end, stream.acked() + 5_000));
        }
        return stream.acked() >= end;
    }

    @Override
    void step() {
        long acked = stream.acked();
        if (again) {
            LockSupport.parkNanos(1_000_000L * random.nextInt(200));
        }
        switch (random.nextInt(20)) {
            case 0 -> conflict(acked);
            case 1 -> abort(acked);
            case 2 -> ahead();
            case 3 -> write(Math.max(0, acked - 1 - random.nextInt(300)), acked);
            case 4, 5, 6 -> write(Math.max(0, acked - random.nextInt(200)), acked + 1 + random.nextInt(200));
            case 7 -> write(acked, acked + 1_000 + random.nextInt(3_000));
            default -> write(acked, acked + 1 + random.nextInt(again ? 300 : 100));
        }
    }

    private void write(long first, long end) {
        if (end <= first) {
            return;
        }
        long acked = stream.acked();
        long sentBefore = stream.sending(end);
        int port = port();
        long start = System.nanoTime();
        Answer answer = post(port, first, end, -1);
        note("keyed", first, end, port, answer);
        requireRefused(start, answer);
        stream.written(first, end, acked, sentBefore, answer);
        again = answer.leavesOpen();
    }

    /* Not beyond what is acknowledged: where partitions commit one by one, those without the changed record would. */
    private void conflict(long acked) {
        if (acked == 0) {
            return;
        }
        long first = Math.max(0, acked - 1 - random.nextInt(400));
        long corrupt = first + random.nextInt((int) (acked - first));
        int port = port();
        Answer answer = post(port, first, acked, corrupt);
        note("conflict", first, acked, port, answer);
        stream.conflicting(first, acked, corrupt, answer);
    }

    private void ahead() {
        long first = stream.sent() + 1 + random.nextInt(50);
        int port = port();
        Answer answer = post(port, first, first + 5, -1);
        note("ahead", first, first + 5, port, answer);
        stream.refused("a gap is not refused", 409, answer);
    }

    private void abort(long first) {
        byte[] body = lines(first, first + 1 + random.nextInt(300), -1);
        http.abort(port(), path(first), NDJSON, body, random.nextInt(body.length));
    }

    private Answer post(int port, long first, long end, long corrupt) {
        return http.post(port, path(first), NDJSON, lines(first, end, corrupt));
    }

    private byte[] lines(long first, long end, long corrupt) {
        return Records.lines(
                offset -> "{\"key\":\"" + Records.key(offset) + "\",\"value\":" + stream.record(offset) + "}",
                first,
                end,
                corrupt);
    }

    private String path(long first) {
        return "/sinks/" + stream.sink() + "/records?offset=" + first;
    }
}

package dev.sluice.tail;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One who watches a partition. Events wait here for the thread that sends them; all else is touched by looks alone. */
final class Viewer {

    private static final int MOST_WAITING = 4 * Tails.MOST_A_LOOK;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean ended;
    private long position;
    private boolean reached;
    private boolean failed;

    Viewer(long position) {
        this.position = position;
        events.add(new Event.Begun(position));
    }

    long position() {
        return position;
    }

    /** Whether what is to be seen at {@code end} lies behind this viewer, where it did not before. */
    boolean wasTakenBack(long end) {
        reached |= position <= end;
        return reached && position > end;
    }

    /** Whether there is room for what a look may find; a slow viewer goes on from where it is, later. */
    boolean hasRoom() {
        return events.size() < MOST_WAITING;
    }

    void show(List<Event> seen, long next) {
        events.addAll(seen);
        position = next;
        failed = false;
    }

    /** Tells of a look that failed, of several in a row once. */
    void fail(String why) {
        if (!failed) {
            failed = true;
            events.add(new Event.Failed(why));
        }
    }

    void end(String why) {
        events.add(new Event.Failed(why));
        ended = true;
    }

    /** Whether nothing will come any more. */
    boolean ended() {
        return ended && events.isEmpty();
    }

    /** Waits for the next event, null if none has come. */
    @Nullable
    Event next(long millis) throws InterruptedException {
        return events.poll(millis, TimeUnit.MILLISECONDS);
    }

    boolean hasMore() {
        return !events.isEmpty();
    }
}

package dev.sluice.admission;

import java.io.InputStream;

/** What a request holds from its head to its answer. Closing it gives everything back, whatever happened. */
public final class Place implements Entry, AutoCloseable {

    /** Where the request is counted. */
    enum Standing {
        /** Among those that others have to make room for. */
        PLACED,
        /** Among the slow ones, without a place. */
        ASIDE,
        /** Nowhere: it is cut off as soon as its thread notices. */
        CUT,
        GONE
    }

    private final Admission admission;
    private final String sink;
    private final long since;

    /* Written by the thread of the request only. */
    private volatile long arrived;
    /* These two are written under the admission's lock. */
    private volatile Standing standing = Standing.PLACED;
    private volatile long charged;

    Place(Admission admission, String sink, long charged, long since) {
        this.admission = admission;
        this.sink = sink;
        this.charged = charged;
        this.since = since;
    }

    /** Returns the body, watched while it comes. */
    public InputStream watched(InputStream body) {
        return new WatchedBody(body, this);
    }

    /** Says that the body has been read to its end: from now on it is not the sender who takes time. */
    public void bodyHasArrived() {
        admission.hasArrived(this);
    }

    @Override
    public Place orThrow() {
        return this;
    }

    @Override
    public void close() {
        boolean over = standing != Standing.GONE;
        admission.leave(this);
        if (over) {
            admission.received(this);
        }
    }

    /** Counts bytes of the body that have come; ends the request if there is no room for them or it came too slowly. */
    void count(int bytes) {
        long now = arrived + bytes;
        arrived = now;
        if (standing == Standing.CUT) {
            throw Refusals.tooSlow(admission.properties(), now).exception();
        }
        if (now > charged) {
            admission.charge(this, now);
        }
    }

    String sink() {
        return sink;
    }

    long arrived() {
        return arrived;
    }

    Standing standing() {
        return standing;
    }

    void standing(Standing next) {
        standing = next;
    }

    long charged() {
        return charged;
    }

    void charged(long bytes) {
        charged = bytes;
    }

    /** Whether the body has been coming for so long, and for slower than so many bytes a second. */
    boolean isSlow(long now, long afterNanos, long bytesPerSecond) {
        long elapsed = now - since;
        return elapsed >= afterNanos && arrived / (elapsed / 1e9) < bytesPerSecond;
    }
}

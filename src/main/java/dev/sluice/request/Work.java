package dev.sluice.request;

import dev.sluice.access.Identity;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a thread works on: for which request, from whom, of which sink and partition. Log lines that are written meanwhile carry
 * it. Of one thread; work that goes on in another thread is another one, with the same {@link Trace}.
 */
public final class Work {

    /** Names of what log lines carry. */
    static final String TRACE = "traceId";

    static final String SINK = "sink";
    static final String PARTITION = "partition";

    private static final ThreadLocal<@Nullable Work> CURRENT = new ThreadLocal<>();

    private @Nullable Trace trace;
    private @Nullable String sink;
    private @Nullable String partition;
    private @Nullable String outcome;
    private boolean problem;
    private boolean shown;
    private Identity sender = Identity.NOBODY;

    private Work(@Nullable Trace trace, @Nullable String sink, @Nullable String partition) {
        this.trace = trace;
        this.sink = sink;
        this.partition = partition;
    }

    /** Makes work for a request of which nothing else is known yet. */
    public static Work of(Trace trace) {
        return new Work(trace, null, null);
    }

    /** Makes work for a sink, one of its partitions or all of them, and one request or several. */
    public static Work of(@Nullable Trace trace, String sink, @Nullable String partition) {
        return new Work(trace, sink, partition);
    }

    /** Returns what this thread works on, null if that is nothing that anybody has named. */
    public static @Nullable Work current() {
        return CURRENT.get();
    }

    /** Returns the trace of the request that this thread works for, null if there is none. */
    public static @Nullable Trace currentTrace() {
        Work work = CURRENT.get();
        return work == null ? null : work.trace;
    }

    /** Returns the same work for another thread. */
    public static @Nullable Work copy() {
        Work work = CURRENT.get();
        if (work == null) {
            return null;
        }
        Work copy = new Work(work.trace, work.sink, work.partition);
        copy.sender = work.sender;
        return copy;
    }

    /** Makes this what the thread works on; {@link #end} has to be called with what is returned. */
    public @Nullable Work begin() {
        Work before = CURRENT.get();
        if (before != null) {
            before.hide();
        }
        CURRENT.set(this);
        return before;
    }

    /** Goes back to what the thread worked on before. */
    public void end(@Nullable Work before) {
        hide();
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }

    /** Runs something as this work. */
    public void run(Runnable task) {
        Work before = begin();
        try {
            task.run();
        } finally {
            end(before);
        }
    }

    /** Returns what notes the times of the request that this thread works for, null if it is not recorded. */
    public static @Nullable Timeline currentTimeline() {
        Work work = CURRENT.get();
        return work == null || work.trace == null ? null : work.trace.timeline();
    }

    /** Says which trace this thread's request belongs to, where it has one. */
    static void belongsTo(Trace trace) {
        Work work = CURRENT.get();
        if (work != null) {
            work.hide();
            work.trace = trace;
        }
    }

    /** Says who has sent this thread's request, where it has one. */
    public static void isFrom(Identity sender) {
        Work work = CURRENT.get();
        if (work != null) {
            work.sender = sender;
        }
    }

    /** Returns who has sent the request that this thread works for; nobody where it has none, or nobody has said. */
    public static Identity currentSender() {
        Work work = CURRENT.get();
        return work == null ? Identity.NOBODY : work.sender;
    }

    /** Says what this thread's request is about, where it has one. */
    public static void isAbout(String sink, @Nullable String partition) {
        Work work = CURRENT.get();
        if (work != null) {
            work.hide();
            work.sink = sink;
            work.partition = partition;
        }
    }

    /** Says what became of this thread's request, where it has one: in a word. */
    public static void succeeded(String outcome) {
        told(outcome, false);
    }

    /** Says what problem this thread's request, where it has one, is told: by the end of its type. */
    public static void failed(String problem) {
        told(problem, true);
    }

    private static void told(String outcome, boolean problem) {
        Work work = CURRENT.get();
        if (work != null) {
            work.outcome = outcome;
            work.problem = problem;
        }
    }

    /** Returns the sink, null if the request has not come so far as to be about one. */
    @Nullable
    String sink() {
        return sink;
    }

    /** Returns what became of this thread's request, null if nothing was said. */
    public static @Nullable String currentOutcome() {
        Work work = CURRENT.get();
        return work == null ? null : work.outcome;
    }

    /** Returns the problem that was told last, null if there was none. */
    @Nullable
    String problem() {
        return problem ? outcome : null;
    }

    /** Puts into the log's context what is known. Only when something is logged: hardly any request logs anything. */
    void show() {
        if (!shown) {
            shown = true;
            put(TRACE, trace == null ? null : trace.id());
            put(SINK, sink);
            put(PARTITION, partition);
        }
    }

    private static void put(String name, @Nullable String value) {
        if (value != null) {
            MDC.put(name, value);
        }
    }

    private void hide() {
        if (shown) {
            shown = false;
            MDC.remove(TRACE);
            MDC.remove(SINK);
            MDC.remove(PARTITION);
        }
    }
}

package dev.sluice.control;

import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Pauses and resumes, and waits a while until all replicas know of it. Thread-safe. */
@Component
public class Pausing {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    /**
     * What somebody wants to be changed.
     *
     * @param flows what of it
     * @param until when it is to end by itself, null if it is not
     * @param precondition what has to hold, called in the transaction; it throws if that does not
     * @param dryRun whether only to find out what would become of it
     */
    public record Wish(
            Scope scope,
            Set<Flow> flows,
            @Nullable Instant until,
            String reason,
            Runnable precondition,
            boolean dryRun) {}

    /**
     * What became of it.
     *
     * @param auditId of the act, null where nothing has changed
     * @param effect where it holds, null where nothing has changed
     * @param before what was paused of that very scope
     * @param after the same, as it is now or would be
     */
    public record Change(@Nullable Long auditId, @Nullable Effect effect, List<Pause> before, List<Pause> after) {}

    private record Committed(@Nullable Long auditId, long revision, List<Pause> before, List<Pause> after) {}

    private final PauseStore store;
    private final Revisions revisions;
    private final AuditTrail trail;
    private final TransactionTemplate transactions;

    Pausing(PauseStore store, Revisions revisions, AuditTrail trail, TransactionTemplate transactions) {
        this.store = store;
        this.revisions = revisions;
        this.trail = trail;
        this.transactions = transactions;
    }

    /** Pauses; what is paused already is from then on as it is wished now. */
    public Change pause(Wish wish) {
        return change(
                "pause",
                wish,
                caller -> wish.flows()
                        .forEach(flow ->
                                store.put(wish.scope(), flow, false, wish.until(), wish.reason(), caller.actor())));
    }

    /** Ends pauses of that very scope. */
    public Change resume(Wish wish) {
        return change("resume", wish, caller -> wish.flows().forEach(flow -> store.remove(wish.scope(), flow)));
    }

    /** Pauses the intake, and lets everything that waits be delivered at once, whatever was paused of the delivery. */
    public Change drain(Wish wish) {
        return change("drain", wish, caller -> {
            store.put(wish.scope(), Flow.INTAKE, true, wish.until(), wish.reason(), caller.actor());
            store.load().stream()
                    .filter(pause -> pause.flow() == Flow.DELIVERY && within(pause.scope(), wish.scope()))
                    .forEach(pause -> store.remove(pause.scope(), Flow.DELIVERY));
        });
    }

    private interface Work {
        void run(Caller caller);
    }

    private Change change(String action, Wish wish, Work work) {
        Caller caller = Caller.current();
        Committed committed = Objects.requireNonNull(transactions.execute(status -> {
            if (wish.dryRun()) {
                status.setRollbackOnly();
            }
            return change(action, wish, work, caller);
        }));
        boolean changed = committed.auditId() != null && !wish.dryRun();
        return new Change(
                changed ? committed.auditId() : null,
                changed ? revisions.await(committed.revision(), LONGEST_WAIT) : null,
                committed.before(),
                committed.after());
    }

    private Committed change(String action, Wish wish, Work work, Caller caller) {
        wish.precondition().run();
        revisions.lock();
        List<Pause> before = within(wish.scope());
        work.run(caller);
        List<Pause> after = within(wish.scope());
        if (shown(before).equals(shown(after))) {
            return new Committed(null, 0, before, after);
        }
        long revision = revisions.raise();
        Map<String, Object> request = new TreeMap<>();
        request.put("what", wish.flows().stream().map(Flow::label).sorted().toList());
        if (wish.until() != null) {
            request.put("until", wish.until().toString());
        }
        Act act = new Act(
                action,
                wish.scope().sink(),
                wish.scope().partition(),
                request,
                shown(before),
                shown(after),
                wish.reason());
        return new Committed(trail.add(act, caller), revision, before, after);
    }

    /** Forgets what is paused of a sink, in the transaction that deletes it. */
    public void forget(String sink) {
        if (store.forget(sink) > 0) {
            revisions.raise();
        }
    }

    private List<Pause> within(Scope scope) {
        return store.load().stream()
                .filter(pause -> within(pause.scope(), scope))
                .toList();
    }

    private static boolean within(Scope inner, Scope outer) {
        return inner.sink().equals(outer.sink())
                && (outer.partition() == null || outer.partition().equals(inner.partition()));
    }

    private static List<Map<String, Object>> shown(List<Pause> pauses) {
        return pauses.stream().map(Pausing::shown).toList();
    }

    private static Map<String, Object> shown(Pause pause) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("of", pause.scope().text());
        shown.put("what", pause.flow().label());
        shown.put("drains", pause.drains());
        shown.put("since", pause.since().toString());
        shown.put("until", String.valueOf(pause.until()));
        shown.put("reason", pause.reason());
        return shown;
    }
}

package dev.sluice.catalog;

import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.catalog.Assembly.Assembled;
import dev.sluice.catalog.ChangeRefusedException.Reason;
import dev.sluice.catalog.DefinitionLoader.Current;
import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.definition.DefinitionStore;
import dev.sluice.definition.StatedDefinition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.RecordPreview.Previewed;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts and deletes definitions: validated, prepared, and only then stored, each in a transaction that nothing else
 * has changed a definition before. Thread-safe.
 */
@Component
public class DefinitionChanges {

    private static final Logger log = LoggerFactory.getLogger(DefinitionChanges.class);
    private static final int REPETITIONS = 5;

    /**
     * What became of a definition that was put.
     *
     * @param created whether there was none before
     * @param auditId of the act, null where nothing has changed
     */
    public record Put(
            SinkDefinition sink, boolean created, @Nullable Long auditId) {}

    /**
     * What was deleted.
     *
     * @param discarded how many acknowledged records that had not reached the target were thrown away
     */
    public record Deleted(long discarded, long auditId) {}

    /**
     * What would become of a definition, and of records.
     *
     * @param samples in the order of the records
     */
    public record Tried(SinkDefinition sink, List<Previewed> samples) {}

    private final DefinitionLoader loader;
    private final Candidates candidates;
    private final DefinitionStore store;
    private final RoutingPins pins;
    private final Targets targets;
    private final SinkRemoval removal;
    private final AuditTrail trail;
    private final TransactionTemplate transactions;

    DefinitionChanges(
            DefinitionLoader loader,
            Candidates candidates,
            DefinitionStore store,
            RoutingPins pins,
            Targets targets,
            SinkRemoval removal,
            AuditTrail trail,
            TransactionTemplate transactions) {
        this.loader = loader;
        this.candidates = candidates;
        this.store = store;
        this.pins = pins;
        this.targets = targets;
        this.removal = removal;
        this.trail = trail;
        this.transactions = transactions;
    }

    /**
     * Puts a definition in place of the one before.
     *
     * @param reason for the trail of audit, in the words of whoever does it
     * @throws InvalidDefinitionException if it makes no sense
     * @throws ChangeRefusedException if it cannot be changed like that
     * @throws SinkException if its target cannot be made ready
     */
    public Put put(String id, Map<String, Object> settings, @Nullable String reason) {
        AtomicReference<@Nullable Put> put = new AtomicReference<>();
        repeatedly(() -> put.set(tryPut(id, settings, reason)));
        return Objects.requireNonNull(put.get());
    }

    /** Returns what {@link #put} would do, and what would become of records then; nothing is done. Throws what that throws. */
    public Tried tryOut(String id, Map<String, Object> settings, List<SinkRecord> samples) {
        AtomicReference<@Nullable Tried> tried = new AtomicReference<>();
        repeatedly(() -> tried.set(tryOutNow(id, settings, samples)));
        return Objects.requireNonNull(tried.get());
    }

    /**
     * Deletes a stored definition, with the positions of its partitions; records in its target stay.
     *
     * @param force whether to throw away acknowledged records that have not reached the target
     * @param reason for the trail of audit, in the words of whoever does it
     */
    public Deleted delete(String id, boolean force, @Nullable String reason) {
        AtomicReference<@Nullable Deleted> done = new AtomicReference<>();
        repeatedly(() -> done.set(tryDelete(id, force, reason)));
        Deleted deleted = Objects.requireNonNull(done.get());
        if (deleted.discarded() > 0) {
            log.warn(
                    "Sink {} was deleted with force: {} acknowledged records that had not reached its target are lost",
                    id,
                    deleted.discarded());
        }
        return deleted;
    }

    private void repeatedly(Runnable change) {
        loader.exclusively(() -> {
            for (int repetition = 1; ; repetition++) {
                try {
                    loader.refresh(false);
                    change.run();
                    return;
                } catch (OptimisticLockingFailureException e) {
                    if (repetition == REPETITIONS) {
                        throw e;
                    }
                }
            }
        });
    }

    private Put tryPut(String id, Map<String, Object> settings, @Nullable String reason) {
        Current current = loader.current();
        refuseConfigured(current, id);
        StatedDefinition before = stored(current, id);
        Assembled same = same(current, id, settings);
        if (same != null) {
            return new Put(same.sink(), false, null);
        }
        Candidate candidate = candidates.of(current, id, settings);
        boolean kept = false;
        try {
            SinkDefinition sink = candidates.accepted(candidate, before);
            candidate.assembly().fresh().forEach(fresh -> prepare(fresh, candidate.drafts()));
            Long auditId = transactions.execute(transaction -> {
                requireUnchanged(current);
                candidate.assembly().fresh().forEach(fresh -> {
                    candidates.refuseConflict(fresh, fresh.id().equals(id) ? before : null, candidate.draft());
                    pins.pin(fresh);
                });
                store.put(candidate.stated(), candidate.revision().now());
                return trail.add(new Act(
                        "definition-put",
                        id,
                        null,
                        null,
                        shown(current, id),
                        shown(candidate.stated().revision(), sink),
                        reason));
            });
            kept = true;
            Map<String, UnusableSink> unusable = new LinkedHashMap<>(current.unusable());
            unusable.remove(id);
            loader.swap(new Current(
                    candidate.drafts(),
                    candidate.assembly().assembled(),
                    unusable,
                    candidate.stated().revision()));
            DefinitionLoader.announce(sink);
            return new Put(sink, before == null && !current.unusable().containsKey(id), auditId);
        } finally {
            if (!kept) {
                candidate.close();
            }
        }
    }

    /* As it may be shown: without secrets. */
    private static @Nullable Map<String, Object> shown(Current current, String id) {
        Assembled sink = current.sinks().get(id);
        if (sink != null) {
            return shown(sink.draft().stated().revision(), sink.sink());
        }
        UnusableSink unusable = current.unusable().get(id);
        return unusable == null
                ? null
                : Map.of("revision", unusable.revision(), "type", unusable.type(), "problem", unusable.reason());
    }

    private static Map<String, Object> shown(long revision, SinkDefinition sink) {
        return Map.of(
                "revision",
                revision,
                "type",
                sink.type(),
                sink.stateless() ? "workers" : "partitions",
                sink.partitions().size(),
                "settings",
                sink.settings());
    }

    private Tried tryOutNow(String id, Map<String, Object> settings, List<SinkRecord> samples) {
        Current current = loader.current();
        refuseConfigured(current, id);
        Assembled same = same(current, id, settings);
        if (same != null) {
            return new Tried(same.sink(), SampleTrial.of(same.sink(), same.draft(), samples));
        }
        Candidate candidate = candidates.of(current, id, settings);
        try {
            SinkDefinition sink = candidates.accepted(candidate, stored(current, id));
            return new Tried(sink, SampleTrial.of(sink, candidate.draft(), samples));
        } finally {
            candidate.close();
        }
    }

    private static @Nullable Assembled same(Current current, String id, Map<String, Object> settings) {
        Assembled there = current.sinks().get(id);
        return there != null && there.draft().stated().settings().equals(settings) ? there : null;
    }

    private void prepare(SinkDefinition sink, Map<String, Draft> drafts) {
        try {
            targets.ready(sink);
        } catch (LostTargetException e) {
            throw new ChangeRefusedException(Reason.CONFLICT, e);
        } catch (SinkException e) {
            throw SampleTrial.told(e, drafts.get(sink.id()));
        }
    }

    private Deleted tryDelete(String id, boolean force, @Nullable String reason) {
        Current current = loader.current();
        refuseConfigured(current, id);
        if (stored(current, id) == null && !current.unusable().containsKey(id)) {
            throw new ChangeRefusedException(Reason.UNKNOWN, "there is no sink '" + id + "'");
        }
        current.drafts().values().stream()
                .filter(draft -> draft.targets().contains(id))
                .findFirst()
                .ifPresent(user -> {
                    throw new ChangeRefusedException(
                            Reason.IN_USE,
                            Candidates.seen(user.stated().id()) + " is made of '" + id
                                    + "'; change or delete it first");
                });
        Deleted deleted = transactions.execute(transaction -> {
            requireUnchanged(current);
            long lost = removal.remove(id, force);
            pins.unpin(id);
            targets.forget(id);
            store.remove(id, current.revision() + 1);
            long auditId = trail.add(new Act(
                    "definition-delete",
                    id,
                    null,
                    Map.of("force", force),
                    shown(current, id),
                    Map.of("revision", current.revision() + 1, "discardedRecords", lost),
                    reason));
            return new Deleted(lost, auditId);
        });
        Map<String, Draft> drafts = new LinkedHashMap<>(current.drafts());
        Map<String, Assembled> sinks = new LinkedHashMap<>(current.sinks());
        Map<String, UnusableSink> unusable = new LinkedHashMap<>(current.unusable());
        drafts.remove(id);
        sinks.remove(id);
        unusable.remove(id);
        loader.swap(new Current(drafts, sinks, unusable, current.revision() + 1));
        return Objects.requireNonNull(deleted);
    }

    private static void refuseConfigured(Current current, String id) {
        Draft draft = current.drafts().get(id);
        if (draft != null && draft.stated().local()) {
            throw new ChangeRefusedException(
                    Reason.READ_ONLY,
                    "the sink '" + id + "' stands in the service's configuration (sluice.sinks." + id
                            + "): change it there");
        }
    }

    private static @Nullable StatedDefinition stored(Current current, String id) {
        Draft draft = current.drafts().get(id);
        return draft == null ? null : draft.stated();
    }

    private void requireUnchanged(Current current) {
        if (store.lock().number() != current.revision()) {
            throw new OptimisticLockingFailureException("another replica has changed a definition in the meantime");
        }
    }
}

package dev.sluice.catalog;

import dev.sluice.catalog.Assembly.Assembled;
import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.definition.DefinitionStore;
import dev.sluice.definition.FieldError;
import dev.sluice.definition.StatedDefinition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.SinkException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes sinks of definitions, at the start and whenever stored ones have changed. What is current is replaced as a
 * whole; whoever replaces it holds the lock, which
 * guards the rest as well.
 */
@Component
class DefinitionLoader {

    private static final Logger log = LoggerFactory.getLogger(DefinitionLoader.class);

    /**
     * All that is known at one time. Immutable.
     *
     * @param drafts by id, those of the configuration first
     * @param sinks by id, what can be written to
     * @param unusable stored definitions that no sink can be made of
     * @param revision of the stored definitions
     */
    record Current(
            Map<String, Draft> drafts,
            Map<String, Assembled> sinks,
            Map<String, UnusableSink> unusable,
            long revision) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final DefinitionReader reader;
    private final DefinitionStore store;
    private final RoutingPins pins;
    private final Targets targets;
    private final TransactionTemplate transactions;
    private final ApplicationEventPublisher events;
    private final Set<String> shadowed = new HashSet<>();
    private final Set<String> changed = new HashSet<>();
    private volatile Current current;

    DefinitionLoader(
            ConfiguredSinks configured,
            DefinitionReader reader,
            DefinitionStore store,
            RoutingPins pins,
            Targets targets,
            TransactionTemplate transactions,
            ApplicationEventPublisher events) {
        this.reader = reader;
        this.store = store;
        this.pins = pins;
        this.targets = targets;
        this.transactions = transactions;
        this.events = events;
        this.current = configured(configured.all());
        lock.lock();
        try {
            refresh(false);
            changed.clear(); // there is nobody yet who could have made anything of them
        } finally {
            lock.unlock();
        }
    }

    long revisionOf(String sink) {
        return store.revisionOf(sink).orElse(0L);
    }

    Current current() {
        return current;
    }

    /** Runs what may replace what is current, and tells others of it once the lock is free again. */
    void exclusively(Runnable work) {
        Set<String> told;
        lock.lock();
        try {
            work.run();
        } finally {
            told = Set.copyOf(changed);
            changed.clear();
            lock.unlock();
        }
        if (!told.isEmpty()) {
            events.publishEvent(new SinksChanged(told));
        }
    }

    private Current configured(List<StatedDefinition> all) {
        List<FieldError> errors = new ArrayList<>();
        Map<String, Draft> drafts = new LinkedHashMap<>();
        for (StatedDefinition stated : all) {
            try {
                drafts.put(stated.id(), reader.read(stated));
            } catch (InvalidDefinitionException e) {
                collect(stated.id(), e, errors);
            }
        }
        Assembly assembly = new Assembly(drafts.values(), Map.of()).run();
        assembly.refused().forEach((id, e) -> collect(id, e, errors));
        assembly.fresh()
                .forEach(sink -> pins.conflict(sink)
                        .ifPresent(why -> errors.add(why.below(ConfiguredSinks.ROOT + "." + sink.id()))));
        // Only once all of them make sense: a start that fails leaves nothing behind.
        for (SinkDefinition sink : errors.isEmpty() ? assembly.fresh() : List.<SinkDefinition>of()) {
            try {
                readyOrLost(sink);
                pins.pin(sink);
                announce(sink);
            } catch (SinkException e) {
                errors.add(FieldError.of(ConfiguredSinks.ROOT + "." + sink.id(), String.valueOf(e.getMessage())));
            }
        }
        if (!errors.isEmpty()) {
            assembly.fresh().forEach(sink -> sink.sink().close());
            throw new InvalidDefinitionException(errors);
        }
        return new Current(drafts, assembly.assembled(), Map.of(), 0);
    }

    private static void collect(String id, InvalidDefinitionException e, List<FieldError> errors) {
        e.errors().forEach(error -> errors.add(error.below(ConfiguredSinks.ROOT + "." + id)));
    }

    /**
     * Brings what is current to the stored definitions, under the lock.
     *
     * @param again whether to try again what could not be used
     */
    void refresh(boolean again) {
        DefinitionStore.Revision revision = store.revision();
        if (revision.number() == current.revision()
                && !(again && !current.unusable().isEmpty())) {
            return;
        }
        Map<String, Draft> drafts = new LinkedHashMap<>();
        current.drafts().values().stream()
                .filter(draft -> draft.stated().local())
                .forEach(draft -> drafts.put(draft.stated().id(), draft));
        Map<String, UnusableSink> unusable = new LinkedHashMap<>();
        for (StatedDefinition stated : store.load()) {
            if (drafts.containsKey(stated.id())) {
                warnOfShadow(stated.id());
                continue;
            }
            try {
                drafts.put(stated.id(), draft(stated));
            } catch (InvalidDefinitionException e) {
                unusable.put(stated.id(), UnusableSink.of(stated, String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                String said = String.valueOf(DefinitionReader.unexpected(e).getMessage());
                unusable.put(stated.id(), UnusableSink.of(stated, said));
            }
        }
        Assembly assembly = new Assembly(drafts.values(), current.sinks()).run();
        boolean done = false;
        try {
            Map<String, Assembled> sinks = usable(assembly, drafts, unusable, revision.number());
            swap(new Current(drafts, sinks, unusable, revision.number()));
            done = true;
        } finally {
            if (!done) {
                assembly.fresh().forEach(sink -> sink.sink().close());
            }
        }
    }

    /** Prepares what is new and returns all that can be used; adds the others to {@code unusable}. */
    private Map<String, Assembled> usable(
            Assembly assembly, Map<String, Draft> drafts, Map<String, UnusableSink> unusable, long revision) {
        assembly.refused().forEach((id, e) -> unusable.put(id, unusable(drafts, id, String.valueOf(e.getMessage()))));
        Map<String, Assembled> sinks = assembly.assembled();
        for (SinkDefinition sink : assembly.fresh()) {
            List<String> missing = sink.targets().stream()
                    .filter(target -> !sinks.containsKey(target))
                    .toList();
            String problem = missing.isEmpty()
                    ? problem(sink, drafts, revision)
                    : "its target '" + missing.get(0) + "' cannot be used";
            if (problem.isEmpty()) {
                announce(sink);
            } else {
                sinks.remove(sink.id());
                sink.sink().close();
                unusable.put(sink.id(), unusable(drafts, sink.id(), problem));
            }
        }
        return sinks;
    }

    private Draft draft(StatedDefinition stated) {
        Draft before = current.drafts().get(stated.id());
        return before != null && before.stated().revision() == stated.revision() ? before : reader.read(stated);
    }

    private void warnOfShadow(String id) {
        if (shadowed.add(id)) {
            log.warn("Sink {} is defined in the database, too: the configuration's definition is used", id);
        }
    }

    private static UnusableSink unusable(Map<String, Draft> drafts, String id, String reason) {
        Draft draft = drafts.get(id);
        if (draft == null) {
            throw new IllegalStateException("there is no draft of " + id);
        }
        return UnusableSink.of(draft.stated(), reason);
    }

    /** Returns why a stored sink cannot be used, empty if it can. */
    private String problem(SinkDefinition sink, Map<String, Draft> drafts, long revision) {
        String conflict = pins.conflict(sink).map(FieldError::message).orElse("");
        if (!conflict.isEmpty()) {
            return conflict;
        }
        try {
            readyOrLost(sink);
        } catch (SinkException e) {
            Draft draft = drafts.get(sink.id());
            String said = String.valueOf(e.getMessage());
            return draft == null ? said : draft.secrets().removedFrom(said);
        } catch (RuntimeException e) {
            return String.valueOf(DefinitionReader.unexpected(e).getMessage());
        }
        pinAt(revision, sink);
        return "";
    }

    /* A lost target keeps neither the service nor its operator out: writers are told, and it may be accepted. */
    private void readyOrLost(SinkDefinition sink) {
        try {
            targets.ready(sink);
        } catch (LostTargetException e) {
            log.error(
                    "Sink {} takes no batches until its target is brought back, or its loss is accepted as {}: {}",
                    sink.id(),
                    e.loss().label(),
                    e.getMessage());
        }
    }

    /* Unless somebody has put a newer definition in the meantime, and pinned that. */
    private void pinAt(long revision, SinkDefinition sink) {
        transactions.executeWithoutResult(transaction -> {
            if (store.lock().number() == revision) {
                pins.pin(sink);
            }
        });
    }

    /** Makes it what is current, under the lock, and closes what is not needed any more. */
    void swap(Current next) {
        Current before = current;
        current = next;
        before.sinks().forEach((id, assembled) -> {
            Assembled now = next.sinks().get(id);
            if (now == null || !same(now.sink(), assembled.sink())) {
                changed.add(id);
                assembled.sink().sink().close();
            }
        });
        next.sinks().keySet().stream()
                .filter(id -> !before.sinks().containsKey(id))
                .forEach(changed::add);
        next.unusable().forEach((id, sink) -> {
            UnusableSink known = before.unusable().get(id);
            if (known == null || !known.reason().equals(sink.reason())) {
                log.error("Sink {} cannot be used, trying again: {}", id, sink.reason());
            }
        });
        before.drafts().keySet().stream()
                .filter(id -> !next.drafts().containsKey(id) && !next.unusable().containsKey(id))
                .forEach(id -> log.info("Sink {} was deleted", id));
    }

    @SuppressWarnings("ReferenceEquality") // what is equal to another is still another one
    private static boolean same(SinkDefinition one, SinkDefinition other) {
        return one == other;
    }

    static void announce(SinkDefinition sink) {
        log.info(
                "Sink {}: type {}, {} {}, {}",
                sink.id(),
                sink.type(),
                sink.partitions().size(),
                sink.stateless() ? "workers" : "partitions",
                sink.guarantee().text());
    }
}

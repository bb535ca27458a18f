package dev.sluice.catalog;

import dev.sluice.access.Identity;
import dev.sluice.access.Verb;
import dev.sluice.catalog.Assembly.Assembled;
import dev.sluice.catalog.ChangeRefusedException.Reason;
import dev.sluice.catalog.DefinitionLoader.Current;
import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.definition.DefinitionStore;
import dev.sluice.definition.StatedDefinition;
import dev.sluice.request.Work;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says what settings would come to beside what there is, and whether they may. Stores nothing. */
@Component
class Candidates {

    private final DefinitionReader reader;
    private final DefinitionStore store;
    private final RoutingPins pins;

    Candidates(DefinitionReader reader, DefinitionStore store, RoutingPins pins) {
        this.reader = reader;
        this.store = store;
        this.pins = pins;
    }

    /** Makes one of settings; throws {@link InvalidDefinitionException} if they make no sense. */
    Candidate of(Current current, String id, Map<String, Object> settings) {
        DefinitionStore.Revision revision = store.revision();
        StatedDefinition stated = new StatedDefinition(id, false, settings, current.revision() + 1, revision.now());
        Draft draft = reader.readNew(stated);
        if (!draft.unclear().isEmpty()) {
            throw new InvalidDefinitionException(draft.unclear());
        }
        Map<String, Draft> drafts = new LinkedHashMap<>(current.drafts());
        drafts.put(id, draft);
        refuseForeignTargets(draft, current);
        refuseForeignPlace(draft, current);
        refuseUnusableTargets(draft, current);
        // What cannot be used for now is tried again by itself, and must not be in the way of others.
        Assembly assembly = new Assembly(
                        drafts.values().stream()
                                .filter(any -> any.stated().id().equals(id)
                                        || !current.unusable()
                                                .containsKey(any.stated().id()))
                                .toList(),
                        current.sinks())
                .run();
        return new Candidate(current, stated, draft, drafts, assembly, revision);
    }

    /** Returns the sink, if the one before may be replaced by it; throws {@link ChangeRefusedException}. */
    SinkDefinition accepted(Candidate candidate, @Nullable StatedDefinition before) {
        String id = candidate.stated().id();
        refuseBroken(id, candidate.current(), candidate.assembly());
        SinkDefinition sink = sink(candidate.assembly(), id);
        DefinitionQuotas.require(candidate.current(), sink);
        candidate
                .assembly()
                .fresh()
                .forEach(fresh -> refuseConflict(fresh, fresh.id().equals(id) ? before : null, candidate.draft()));
        return sink;
    }

    /* Whoever defines a sink that hands on to another one writes to that one. */
    private static void refuseForeignTargets(Draft draft, Current current) {
        Identity sender = Work.currentSender();
        for (String target : draft.targets()) {
            boolean there = current.drafts().containsKey(target)
                    || target.equals(draft.stated().id());
            if (!sender.seesAll() && !(there && sender.sees(target))) {
                throw new InvalidDefinitionException(
                        draft.stated().fieldWith(target), "there is no sink '" + target + "'");
            }
            if (!sender.may(target, Verb.WRITE)) {
                throw new InvalidDefinitionException(
                        draft.stated().fieldWith(target),
                        sender.name() + " has no grant of write for '" + target + "', to which this would write");
            }
        }
    }

    /* Whoever may write where another sink does could change what that one has written, and read it. */
    private static void refuseForeignPlace(Draft draft, Current current) {
        Identity sender = Work.currentSender();
        List<Holding<?>> foreign = current.drafts().values().stream()
                .map(Draft::holding)
                .filter(Objects::nonNull)
                .<Holding<?>>map(Objects::requireNonNull)
                .filter(other -> !other.id().equals(draft.stated().id()) && !sender.may(other.id(), Verb.DEFINE))
                .toList();
        Holding<?> own = draft.holding();
        if (own == null || foreign.isEmpty()) {
            return;
        }
        own.sharedWith(foreign).ifPresent(shared -> {
            throw new InvalidDefinitionException(
                    shared.setting(),
                    seen(shared.other()) + " writes there, and " + sender.name() + " has no grant of define for it;"
                            + " name one of its own for each sink");
        });
    }

    private static void refuseUnusableTargets(Draft draft, Current current) {
        for (String target : draft.targets()) {
            UnusableSink unusable = current.unusable().get(target);
            if (unusable != null && !target.equals(draft.stated().id())) {
                throw new InvalidDefinitionException(
                        draft.stated().fieldWith(target),
                        "the sink '" + target + "' cannot be used for now: " + unusable.reason());
            }
        }
    }

    private static SinkDefinition sink(Assembly assembly, String id) {
        return Optional.ofNullable(assembly.assembled().get(id))
                .map(Assembled::sink)
                .orElseThrow(() -> new IllegalStateException("nothing has become of " + id));
    }

    /* Including those that are made of this one and made sense before. */
    private static void refuseBroken(String id, Current current, Assembly assembly) {
        InvalidDefinitionException own = assembly.refused().get(id);
        if (own != null) {
            throw own;
        }
        assembly.refused().forEach((other, e) -> {
            if (current.sinks().containsKey(other)) {
                throw new ChangeRefusedException(
                        Reason.IN_USE,
                        seen(other) + " is made of '" + id + "' and would make no sense any more"
                                + (Work.currentSender().sees(other) ? ": " + e.getMessage() : ""));
            }
        });
    }

    /** Returns how a sink is named to whoever asks. */
    static String seen(String sink) {
        return Work.currentSender().sees(sink) ? "the sink '" + sink + "'" : "another sink";
    }

    /** Throws {@link ChangeRefusedException} if the positions that there are would mean something else. */
    void refuseConflict(SinkDefinition sink, @Nullable StatedDefinition before, Draft draft) {
        pins.conflict(sink).ifPresent(why -> {
            throw new ChangeRefusedException(Reason.CONFLICT, "sink '" + sink.id() + "': " + why.message());
        });
        if (before == null) {
            return;
        }
        for (String key : List.of("type", "order", "target")) {
            Object was = Optional.ofNullable(before.value(key)).orElse("offset");
            Object is = Optional.ofNullable(draft.stated().value(key)).orElse("offset");
            if (!was.equals(is) && pins.hasData(sink.id())) {
                throw new ChangeRefusedException(
                        Reason.CONFLICT,
                        "the sink has data, and its " + key + " would become '" + is + "' in place of '" + was
                                + "': its positions would mean something else. Define a sink of another id; deleting"
                                + " this one and putting it anew starts all partitions at 0");
            }
        }
    }
}

package dev.sluice.catalog;

import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.definition.FieldError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes sinks of drafts, those that others are made of first. A draft that has become a sink already stays that very
 * sink, unless one that it is made of has changed. One use, one thread.
 */
final class Assembly {

    /** A draft, what became of it, and the sinks that went into it. */
    record Assembled(Draft draft, SinkDefinition sink, List<SinkDefinition> targets) {}

    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Map<String, Assembled> previous;
    private final Map<String, Assembled> assembled = new LinkedHashMap<>();
    private final List<SinkDefinition> fresh = new ArrayList<>();
    private final Map<String, InvalidDefinitionException> refused = new LinkedHashMap<>();

    Assembly(Collection<Draft> drafts, Map<String, Assembled> previous) {
        drafts.forEach(draft -> this.drafts.put(draft.stated().id(), draft));
        this.previous = previous;
    }

    Assembly run() {
        drafts.keySet().forEach(id -> resolve(id, List.of()));
        return this;
    }

    /** Returns what could be made, in the order of the drafts. */
    Map<String, Assembled> assembled() {
        Map<String, Assembled> inOrder = new LinkedHashMap<>();
        drafts.keySet().stream().filter(assembled::containsKey).forEach(id -> inOrder.put(id, assembled.get(id)));
        return inOrder;
    }

    /** Returns the sinks that were not there before, those that others are made of first. */
    List<SinkDefinition> fresh() {
        return fresh;
    }

    /** Returns what could not be made, and why. */
    Map<String, InvalidDefinitionException> refused() {
        return refused;
    }

    private void resolve(String id, List<String> path) {
        if (assembled.containsKey(id) || refused.containsKey(id)) {
            return;
        }
        Draft draft = drafts.get(id);
        if (draft == null) {
            return;
        }
        List<String> here = new ArrayList<>(path);
        here.add(id);
        List<FieldError> errors = new ArrayList<>();
        List<SinkDefinition> targets = new ArrayList<>();
        for (String target : draft.targets()) {
            FieldError error = target(draft, target, here, targets);
            if (error != null) {
                errors.add(error.below(draft.stated().fieldWith(target)));
            }
        }
        try {
            if (!errors.isEmpty()) {
                throw new InvalidDefinitionException(errors);
            }
            make(draft, targets);
        } catch (InvalidDefinitionException e) {
            refused.putIfAbsent(id, e);
        } catch (RuntimeException e) {
            if (draft.stated().local()) {
                throw e;
            }
            refused.putIfAbsent(id, DefinitionReader.unexpected(e));
        }
    }

    private void make(Draft draft, List<SinkDefinition> targets) {
        String id = draft.stated().id();
        Assembled before = previous.get(id);
        if (before != null && unchanged(before, draft, targets)) {
            assembled.put(id, before);
            return;
        }
        SinkDefinition sink = draft.build().apply(targets);
        fresh.add(sink);
        assembled.put(id, new Assembled(draft, sink, List.copyOf(targets)));
    }

    /* What is equal to another is still another one. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean unchanged(Assembled before, Draft draft, List<SinkDefinition> targets) {
        return before.draft() == draft
                && before.targets().size() == targets.size()
                && IntStream.range(0, targets.size())
                        .allMatch(i -> before.targets().get(i) == targets.get(i));
    }

    private @Nullable FieldError target(Draft draft, String id, List<String> path, List<SinkDefinition> targets) {
        Draft target = drafts.get(id);
        if (target == null) {
            return FieldError.of(
                    "",
                    "there is no sink '" + id + "' to deliver to" + NearestNames.hint(id, drafts.keySet())
                            + "; there are " + String.join(", ", drafts.keySet()));
        }
        if (path.contains(id)) {
            List<String> cycle = new ArrayList<>(path.subList(path.indexOf(id), path.size()));
            cycle.add(id);
            return FieldError.of("", "would deliver to itself: " + String.join(" → ", cycle));
        }
        if (draft.stated().local() && !target.stated().local()) {
            return FieldError.of(
                    "",
                    "stands in the configuration and can only be made of sinks that stand there too, but '" + id
                            + "' does not");
        }
        resolve(id, path);
        Assembled resolved = assembled.get(id);
        if (resolved == null) {
            return FieldError.of("", "its target '" + id + "' cannot be used");
        }
        targets.add(resolved.sink());
        return unsuited(resolved.sink());
    }

    private static @Nullable FieldError unsuited(SinkDefinition target) {
        if (target.stateless()) {
            return FieldError.of(
                    "", "its target '" + target.id() + "' has workers, which keep no position; give it partitions");
        }
        if (target.anyOrder()) {
            return FieldError.of(
                    "",
                    "its target '" + target.id()
                            + "' takes offsets in any order (order: any), but deliveries count on their order");
        }
        return null;
    }
}

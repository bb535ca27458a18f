package dev.sluice.definition;

import dev.sluice.deadletter.DeadLetterPolicy;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a definition says of records that its target refuses. */
final class DeadLetterKeys {

    static final String ON_REJECTED = "on-rejected";
    static final String DEAD_LETTERS = "dead-letters";

    /** Both, which a sink that refuses nothing itself does not have. */
    static final Set<String> NAMES = Set.of(ON_REJECTED, DEAD_LETTERS);

    private static final String MAX_OPEN = "max-open";
    private static final String MAX_PER_BATCH = "max-per-batch";
    private static final String MAX_SHARE = "max-share";
    private static final Set<String> BOUNDS = new TreeSet<>(Set.of(MAX_OPEN, MAX_PER_BATCH, MAX_SHARE));
    private static final int MOST_OPEN = 10_000_000;
    /* No more are listed, and what nobody can list nobody can settle. */
    private static final int MOST_PER_BATCH = 100;

    private DeadLetterKeys() {}

    static @Nullable DeadLetterPolicy read(StatedDefinition stated, Consumer<FieldError> errors) {
        Object given = stated.value(ON_REJECTED);
        boolean settles = "dead-letter".equals(given);
        if (given != null && !settles && !given.equals("stop")) {
            errors.accept(FieldError.of(ON_REJECTED, "must be stop or dead-letter, but is '" + given + "'"));
        }
        Object bounds = stated.value(DEAD_LETTERS);
        if (bounds != null && !settles) {
            errors.accept(FieldError.of(DEAD_LETTERS, "goes with on-rejected: dead-letter only"));
        }
        if (bounds != null && !(bounds instanceof Map)) {
            errors.accept(FieldError.of(DEAD_LETTERS, "must be an object, like {\"max-open\": 1000}"));
        }
        if (!settles) {
            return null;
        }
        return bounds instanceof Map<?, ?> map ? bounded(map, stated.local(), errors) : DeadLetterPolicy.DEFAULT;
    }

    private static DeadLetterPolicy bounded(Map<?, ?> given, boolean local, Consumer<FieldError> errors) {
        given.keySet().stream()
                .map(String::valueOf)
                .filter(name -> BOUNDS.stream().noneMatch(bound -> StatedDefinition.matches(name, bound, local)))
                .forEach(name -> errors.accept(
                        FieldError.unknown(DEAD_LETTERS + "." + name, "is not a bound of dead letters", BOUNDS)));
        DeadLetterPolicy otherwise = DeadLetterPolicy.DEFAULT;
        return new DeadLetterPolicy(
                bound(given, MAX_OPEN, local, MOST_OPEN, otherwise.maxOpen(), errors),
                bound(given, MAX_PER_BATCH, local, MOST_PER_BATCH, otherwise.maxPerBatch(), errors),
                bound(given, MAX_SHARE, local, 100, otherwise.maxShare(), errors));
    }

    private static int bound(
            Map<?, ?> given, String name, boolean local, int most, int otherwise, Consumer<FieldError> errors) {
        return given.entrySet().stream()
                .filter(entry -> StatedDefinition.matches(String.valueOf(entry.getKey()), name, local))
                .findFirst()
                .map(entry ->
                        CommonKeys.number(DEAD_LETTERS + "." + name, String.valueOf(entry.getValue()), most, errors))
                .orElse(otherwise);
    }

    /** Refuses both keys for a sink that has no use for them. */
    static void refuse(StatedDefinition stated, String why, Consumer<FieldError> errors) {
        Stream.of(ON_REJECTED, DEAD_LETTERS)
                .filter(key -> stated.value(key) != null)
                .forEach(key -> errors.accept(FieldError.of(key, why)));
    }
}

package dev.sluice.definition;

import dev.sluice.deadletter.DeadLetterPolicy;
import dev.sluice.sink.Guarantee;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every definition says, whatever its type.
 *
 * @param partitions names, or the indices of workers; empty for a sink made of others
 * @param workers whether they are workers
 * @param maxRanges 0 where offsets come in order
 * @param deadLetters within which bounds refused records are settled; null where they stop a batch
 * @param claim the guarantee that the definition counts on
 */
public record CommonKeys(
        List<String> partitions,
        boolean workers,
        int maxRanges,
        @Nullable DeadLetterPolicy deadLetters,
        @Nullable Guarantee claim) {

    /** The keys that every definition may have. */
    public static final Set<String> NAMES = Set.of(
            "type",
            "partitions",
            "workers",
            "order",
            "max-ranges",
            "guarantee",
            DeadLetterKeys.ON_REJECTED,
            DeadLetterKeys.DEAD_LETTERS);

    static final Set<String> NOT_FOR_COMPOSITES = Set.of("partitions", "workers", "order", "max-ranges");
    private static final Pattern PARTITION = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._:@=+-]{0,127}");
    private static final int MOST_PARTITIONS = 100_000;
    private static final int MOST_WORKERS = 1_000;
    private static final int MOST_RANGES = 100_000;
    private static final int DEFAULT_RANGES = 10_000;

    /** Reads the keys of a sink with partitions or workers of its own. */
    public static CommonKeys plain(StatedDefinition stated, Consumer<FieldError> errors) {
        Object workers = stated.value("workers");
        boolean any = order(stated, workers != null, errors);
        int maxRanges = maxRanges(stated, any, errors);
        if (workers == null) {
            return new CommonKeys(
                    partitions(stated, errors),
                    false,
                    maxRanges,
                    DeadLetterKeys.read(stated, errors),
                    claim(stated, errors));
        }
        if (stated.value("partitions") != null) {
            errors.accept(FieldError.of("workers", "a sink has either partitions or workers, not both"));
        }
        DeadLetterKeys.refuse(
                stated, "is not for workers: without offsets a record cannot be settled; remove it", errors);
        int count = number("workers", workers, MOST_WORKERS, errors);
        return new CommonKeys(
                IntStream.range(0, count).mapToObj(Integer::toString).toList(), true, 0, null, claim(stated, errors));
    }

    /** Reads the keys of a sink that is made of others. */
    public static CommonKeys composite(StatedDefinition stated, String type, Consumer<FieldError> errors) {
        NOT_FOR_COMPOSITES.stream()
                .sorted()
                .filter(key -> stated.value(key) != null)
                .forEach(key -> errors.accept(FieldError.of(
                        key,
                        "is not for a sink of type '" + type
                                + "': its partitions are those of its targets, in their order; remove it")));
        DeadLetterKeys.refuse(
                stated,
                "is not for a sink of type '" + type + "': its targets refuse records; say there what becomes of them",
                errors);
        return new CommonKeys(List.of(), false, 0, null, claim(stated, errors));
    }

    private static boolean order(StatedDefinition stated, boolean workers, Consumer<FieldError> errors) {
        Object order = stated.value("order");
        if (order == null) {
            return false;
        }
        if (workers) {
            errors.accept(FieldError.of("order", "workers take no offsets, so these have no order; remove it"));
        } else if (!order.equals("offset") && !order.equals("any")) {
            errors.accept(FieldError.of("order", "must be offset or any, but is '" + order + "'"));
        }
        return order.equals("any");
    }

    private static int maxRanges(StatedDefinition stated, boolean any, Consumer<FieldError> errors) {
        Object given = stated.value("max-ranges");
        if (given != null && !any) {
            errors.accept(FieldError.of("max-ranges", "goes with order: any only"));
        }
        if (!any) {
            return 0;
        }
        return given == null ? DEFAULT_RANGES : number("max-ranges", given, MOST_RANGES, errors);
    }

    static int number(String key, Object given, int most, Consumer<FieldError> errors) {
        String text = given.toString();
        int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > most) {
            errors.accept(FieldError.of(key, "must be a whole number from 1 to " + most + ", but is '" + text + "'"));
            return 1;
        }
        return number;
    }

    private static @Nullable Guarantee claim(StatedDefinition stated, Consumer<FieldError> errors) {
        Object claim = stated.value("guarantee");
        if (claim == null) {
            return null;
        }
        for (Guarantee known : Guarantee.values()) {
            if (known.text().equals(claim)) {
                return known;
            }
        }
        errors.accept(FieldError.of(
                "guarantee",
                "'" + claim + "' is none of "
                        + String.join(
                                ", ",
                                Arrays.stream(Guarantee.values())
                                        .map(Guarantee::text)
                                        .toList())));
        return null;
    }

    private static List<String> partitions(StatedDefinition stated, Consumer<FieldError> errors) {
        List<?> given = list(stated, errors);
        if (given.isEmpty() || given.size() > MOST_PARTITIONS) {
            errors.accept(FieldError.of(
                    "partitions",
                    "must list 1 to " + MOST_PARTITIONS + " partitions, like [\"0\", \"1\"], but lists "
                            + given.size()));
            return List.of();
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            String field = "partitions[" + i + "]";
            Object name = given.get(i);
            if (name instanceof Map || name instanceof List) {
                errors.accept(FieldError.of(field, "must be a name, like \"0\""));
            } else if (!PARTITION.matcher(name.toString()).matches()) {
                errors.accept(FieldError.of(
                        field,
                        "'" + name + "' is not a partition's name: 1 to 128 of a-z, A-Z, 0-9 and ._:@=+-,"
                                + " beginning with a letter, a digit or '_'"));
            } else if (!seen.add(name.toString())) {
                errors.accept(FieldError.of(field, "'" + name + "' stands there twice"));
            }
        }
        return given.stream().map(Object::toString).toList();
    }

    private static List<?> list(StatedDefinition stated, Consumer<FieldError> errors) {
        Object given = stated.value("partitions");
        if (given instanceof List<?> list) {
            return list;
        }
        if (stated.local() && given instanceof Map<?, ?> map) {
            return List.copyOf(map.values()); // what a list in YAML becomes
        }
        if (stated.local() && given != null) {
            PartitionsAdvice.ambiguity(given).ifPresent(why -> errors.accept(FieldError.of("partitions", why)));
            return Stream.of(given.toString().split(","))
                    .map(String::trim)
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
        if (given != null) {
            errors.accept(FieldError.of("partitions", "must be a list of names, " + PartitionsAdvice.listFor(given)));
            return List.of("0");
        }
        return List.of();
    }
}

package dev.sluice.definition;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tells who has given something else than a list of partitions what to write. */
final class PartitionsAdvice {

    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,5}");
    private static final int LONGEST_LIST = 8;

    private PartitionsAdvice() {}

    /** Returns the list that somebody may have meant. */
    static String listFor(Object given) {
        if (given instanceof Map) {
            return "like [\"0\", \"1\"], but is an object";
        }
        String text = given.toString();
        if (COUNT.matcher(text).matches()) {
            return "but is " + text + "; for " + text + " partitions write " + quoted(counted(text));
        }
        List<String> names = Stream.of(text.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .toList();
        return "but is '" + text + "'; write " + quoted(names.isEmpty() ? List.of("0") : names);
    }

    /**
     * Returns what is wrong with a text of the configuration that may be a number of partitions or the name of one.
     */
    static Optional<String> ambiguity(Object given) {
        String text = given.toString().trim();
        return COUNT.matcher(text).matches()
                ? Optional.of("is a list of names, and " + text + " may be a number of partitions or one name; for "
                        + text + " partitions write " + String.join(",", counted(text))
                        + ", for a single one of that name a list of one: [\"" + text + "\"] in YAML, or the key"
                        + " partitions[0]")
                : Optional.empty();
    }

    private static List<String> counted(String count) {
        int most = Integer.parseInt(count);
        return most <= LONGEST_LIST
                ? IntStream.range(0, most).mapToObj(Integer::toString).toList()
                : List.of("0", "1", "...", Integer.toString(most - 1));
    }

    private static String quoted(List<String> names) {
        return names.stream()
                .map(name -> name.equals("...") ? name : "\"" + name + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
    }
}

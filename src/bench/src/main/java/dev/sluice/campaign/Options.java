package dev.sluice.campaign;

import dev.sluice.bench.load.Arguments;
import dev.sluice.bench.service.Javas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a campaign is told.
 *
 * @param classes a directory whose classes take the place of the service's own; empty for none
 * @param discard whether to keep nothing, whatever happens
 * @param atOnce how many faults at most go on at the same time
 * @param paceMillis how long it takes on average until the next one is tried
 * @param faults how often each of them is drawn beside the others; all alike where it is empty
 * @param restMillis how long a writer rests between two requests, on average
 * @param partitions of each of the sinks whose batches are committed in groups
 * @param standby whether there is a synchronous one, which takes over now and then
 * @param untilViolation whether to end with the first violation, as a planted mistake is looked for
 */
record Options(
        Path jar,
        Javas.Java java,
        Path work,
        Path out,
        int seconds,
        long seed,
        int services,
        boolean standby,
        int atOnce,
        int paceMillis,
        int restMillis,
        Map<String, Integer> faults,
        Set<String> sinks,
        int partitions,
        String classes,
        boolean untilViolation,
        boolean keep,
        boolean discard) {

    static Options of(String... line) throws IOException {
        Arguments arguments = new Arguments(line);
        Options options = new Options(
                Path.of(arguments.text("jar", "target/sluice.jar")).toAbsolutePath(),
                Javas.choose(arguments.text("java", "")),
                Path.of(arguments.text("work", "/var/tmp")).toAbsolutePath(),
                Path.of(arguments.text("out", "src/bench/target/campaign")).toAbsolutePath(),
                arguments.integer("seconds", 180),
                arguments.number("seed", System.nanoTime() & 0xffff_ffffL),
                arguments.integer("services", 2),
                !arguments.has("no-standby"),
                arguments.integer("at-once", 3),
                arguments.integer("pace", 900),
                arguments.integer("rest", 0),
                weights(arguments.text("faults", "")),
                names(arguments.text("sinks", "")),
                arguments.integer("partitions", 2),
                arguments.text("classes", ""),
                arguments.has("until-violation"),
                arguments.has("keep"),
                arguments.has("discard"));
        arguments.refuseOthers();
        return options;
    }

    /** Whether one of these faults is among those that are drawn from. */
    boolean mayInflict(String... names) {
        return faults.isEmpty() || Arrays.stream(names).anyMatch(faults::containsKey);
    }

    /** Reads {@code a,b*3}: b three times as often as a. */
    private static Map<String, Integer> weights(String list) {
        Map<String, Integer> weights = new TreeMap<>();
        for (String entry : names(list)) {
            String[] parts = entry.split("\\*", 2);
            weights.put(parts[0], parts.length == 1 ? 1 : Integer.parseInt(parts[1]));
        }
        return weights;
    }

    private static Set<String> names(String list) {
        return list.isEmpty() ? Set.of() : Arrays.stream(list.split(",")).collect(Collectors.toUnmodifiableSet());
    }
}

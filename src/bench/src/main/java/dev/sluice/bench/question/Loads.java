package dev.sluice.bench.question;

import java.util.ArrayList;
import java.util.List;

/** Arguments of the load generator that several questions have in common. */
final class Loads {

    private Loads() {}

    /** A connection for each partition and one batch under way on each, for so many seconds. */
    static String[] of(int partitions, int batch, int seconds, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--partitions", "" + partitions, "--batch", "" + batch, "--warmup", "2", "--seconds", "" + seconds));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}

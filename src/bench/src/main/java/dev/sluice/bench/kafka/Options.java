package dev.sluice.bench.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What one run is asked for.
 *
 * @param table with or without a schema; goes into SQL as it is, so only plain names are taken
 * @param rows for each round, over all partitions
 * @param recordBytes length of the JSON text of a made-up row; of no meaning with a file
 * @param file one JSON text per line, repeated from the start if it has fewer lines than rows; or none
 * @param warmUpRows sent before the first round, over all partitions; the worker's code becomes faster until about
 *     500,000, and less would be to the peer's disadvantage
 * @param timeout for each step: the start, the warm-up, every round
 * @param encoding {@code flights} has rows that replace each other, so that all rounds have to send all of the file
 * @param workParent where the work directory goes: the broker's log must be on a real disk
 * @param overrides further settings, by what they are for: connector, worker, producer, broker
 * @param jvm further arguments of the two JVMs that are started
 */
record Options(
        String url,
        String username,
        String password,
        String table,
        int rows,
        int partitions,
        int recordBytes,
        Path file,
        int rounds,
        boolean interactive,
        boolean keepWork,
        int warmUpRows,
        Duration timeout,
        Path workParent,
        Encoding encoding,
        Map<String, String> overrides,
        List<String> jvm) {

    static final String USAGE = "--url jdbc:postgresql://… --username … --password … --table events_kafka --rows N"
            + " [--partitions 4] [--record-bytes 180] [--file rows.ndjson] [--rounds 1] [--interactive]"
            + " [--warm-up 500000] [--timeout SECONDS] [--work DIRECTORY] [--keep-work] [--encoding lean|json|flights]"
            + " [--set connector.KEY=VALUE] [--set worker.…] [--set producer.…] [--set broker.…] [--jvm ARGUMENT]";

    private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");
    private static final Pattern OVERRIDE = Pattern.compile("(connector|worker|producer|broker)\\.[^=]+=.*");

    static Options of(String... arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        Map<String, String> overrides = new LinkedHashMap<>();
        List<String> jvm = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i];
            if (name.equals("--interactive") || name.equals("--keep-work")) {
                given.put(name, "");
                continue;
            }
            if (!name.startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException("not understood: " + name + "; usage: " + USAGE);
            }
            String value = arguments[++i];
            switch (name) {
                case "--jvm" -> jvm.add(value);
                case "--set" -> {
                    require(OVERRIDE.matcher(value).matches(), "--set takes connector.KEY=VALUE and so on: " + value);
                    int at = value.indexOf('=');
                    overrides.put(value.substring(0, at), value.substring(at + 1));
                }
                default -> given.put(name, value);
            }
        }
        Options options = read(given, overrides, jvm);
        require(
                !options.replacing()
                        || options.file() != null
                                && options.warmUpRows() == options.rows()
                                && options.rows() % options.partitions() == 0,
                "flights need a file, as many --warm-up rows as --rows, and the same number for each partition");
        require(given.isEmpty(), "unknown: " + given.keySet() + "; usage: " + USAGE);
        return options;
    }

    /** The settings given for one of the programs, without its name in front. */
    Map<String, String> overridesOf(String program) {
        Map<String, String> result = new LinkedHashMap<>();
        overrides.forEach((key, value) -> {
            if (key.startsWith(program + ".")) {
                result.put(key.substring(program.length() + 1), value);
            }
        });
        return result;
    }

    private static Options read(Map<String, String> given, Map<String, String> overrides, List<String> jvm) {
        String file = given.remove("--file");
        String table = text(given, "--table", null);
        require(TABLE.matcher(table).matches(), "--table is not a plain name in lower case: " + table);
        return new Options(
                text(given, "--url", null),
                text(given, "--username", null),
                text(given, "--password", ""),
                table,
                number(given, "--rows", null),
                number(given, "--partitions", 4),
                number(given, "--record-bytes", 180),
                file == null ? null : Path.of(file),
                number(given, "--rounds", 1),
                given.remove("--interactive") != null,
                given.remove("--keep-work") != null,
                number(given, "--warm-up", 500_000),
                Duration.ofSeconds(number(given, "--timeout", 300)),
                Path.of(text(given, "--work", System.getProperty("java.io.tmpdir"))),
                Encoding.valueOf(text(given, "--encoding", "lean").toUpperCase(Locale.ROOT)),
                overrides,
                jvm);
    }

    /** Whether rows have keys that come again, and a later row takes the place of an earlier one. */
    boolean replacing() {
        return encoding == Encoding.FLIGHTS;
    }

    private static String text(Map<String, String> given, String name, String otherwise) {
        String value = given.remove(name);
        require(value != null || otherwise != null, name + " is missing; usage: " + USAGE);
        return value == null ? otherwise : value;
    }

    private static int number(Map<String, String> given, String name, Integer otherwise) {
        String value = text(given, name, otherwise == null ? null : otherwise.toString());
        require(value.matches("[1-9][0-9]{0,8}"), name + " takes a number above 0, not " + value);
        return Integer.parseInt(value);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

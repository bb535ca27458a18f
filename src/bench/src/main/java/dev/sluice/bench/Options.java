package dev.sluice.bench;

import dev.sluice.bench.load.Arguments;
import java.nio.file.Path;
import java.util.List;

/**
 * The command line.
 *
 * @param questions names of those to ask; empty for all
 * @param url of an existing server; empty for one of the benchmark's own
 * @param before another jar of the service; empty for none
 * @param java of the service; empty for the newest that is found
 */
record Options(
        boolean help,
        boolean list,
        List<String> questions,
        boolean quick,
        int rounds,
        Path out,
        Path work,
        String url,
        String username,
        String password,
        String pgBin,
        Path jar,
        String before,
        String java,
        boolean keep,
        boolean profile,
        long largeRows,
        int memoryMinutes) {

    static final String USAGE = """
            src/bench/run [options]
              --questions a,b,c    only these (--list names them); without it all
              --quick              small sizes, 2 rounds: shows that everything works
              --rounds N           rounds of each side (5)
              --out DIR            where the report goes (src/bench/target/report)
              --work DIR           an existing directory on the disk to measure (/var/tmp)
              --url jdbc:postgresql://host:port/db --username U --password P
                                   an existing server instead of one of its own; the role must be able to create databases
              --pg-bin DIR         where psql and pgbench are, if not in PATH
              --jar FILE           the service, instead of building it
              --before FILE        another jar of the service, to compare with (the question "before")
              --java FILE          the JVM of the service (the newest found)
              --keep               keep the work directory
              --profile            a flame graph of the service for each question
              --large-rows N       rows of the full table (20000000)
              --memory-minutes N   how long memory is watched (30)""";

    static Options parse(String... given) {
        Arguments arguments = new Arguments(given);
        boolean quick = arguments.has("quick");
        String home = System.getProperty("bench.home", ".");
        String questions = arguments.text("questions", "");
        Options options = new Options(
                arguments.has("help"),
                arguments.has("list"),
                questions.isEmpty() ? List.of() : List.of(questions.split(",")),
                quick,
                arguments.integer("rounds", quick ? 2 : 5),
                Path.of(arguments.text("out", home + "/target/report")).toAbsolutePath(),
                Path.of(arguments.text("work", "/var/tmp")).toAbsolutePath(),
                arguments.text("url", ""),
                arguments.text("username", "postgres"),
                arguments.text("password", ""),
                arguments.text("pg-bin", ""),
                Path.of(arguments.text("jar", "target/sluice.jar")).toAbsolutePath(),
                arguments.text("before", ""),
                arguments.text("java", ""),
                arguments.has("keep"),
                arguments.has("profile"),
                arguments.number("large-rows", 20_000_000),
                arguments.integer("memory-minutes", 30));
        arguments.refuseOthers();
        return options;
    }
}

package dev.sluice.campaign;

import dev.sluice.bench.load.Arguments;
import dev.sluice.bench.process.Directories;
import dev.sluice.bench.service.Image;
import dev.sluice.bench.service.Javas;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Checks the checker: plants one mistake after the other, and looks whether a campaign sees it. */
public final class Mutants {

    private final Path sources;
    private final Path jar;
    private final int seconds;
    private final long seed;
    private final Path work;

    private Mutants(Arguments arguments) {
        sources = Path.of(arguments.text("sources", "src/main/java")).toAbsolutePath();
        jar = Path.of(arguments.text("jar", "target/sluice.jar")).toAbsolutePath();
        seconds = arguments.integer("seconds", 600);
        seed = arguments.number("seed", 1);
        work = Path.of(arguments.text("work", "/var/tmp")).toAbsolutePath();
    }

    /** Exits with 0 where all were caught. */
    public static void main(String[] line) throws Exception {
        Arguments arguments = new Arguments(line);
        Mutants mutants = new Mutants(arguments);
        Path file = Path.of(arguments.text("mutants", "src/bench/mutants.txt"));
        Set<String> only = Set.of(arguments.text("only", "").split(","));
        String java = arguments.text("java", "");
        boolean compileOnly = arguments.has("compile-only");
        arguments.refuseOthers();
        List<Mutant> all = Mutant.read(file).stream()
                .filter(mutant -> only.contains("") || only.contains(mutant.name()))
                .toList();
        if (compileOnly) {
            mutants.compileAll(all, java);
            return;
        }
        List<String> rows = new ArrayList<>();
        boolean caught = true;
        for (Mutant mutant : all) {
            String result = mutants.hunt(mutant, java);
            caught &= !result.startsWith("**");
            rows.add("| `" + mutant.name() + "` | " + mutant.mistake() + " | " + result + " |");
            System.out.println(rows.get(rows.size() - 1));
        }
        System.out.println("\n| Mutant | Mistake | Caught |\n|---|---|---|\n" + String.join("\n", rows));
        System.exit(caught ? 0 : 1);
    }

    /** Makes sure that each mistake can still be planted: the sources move on. */
    private void compileAll(List<Mutant> all, String java) throws Exception {
        Path home = Files.createTempDirectory(work, "sluice-mutant-");
        try {
            Path service =
                    Image.extract(Javas.choose(java).program(), jar, home).resolve("sluice.jar");
            for (Mutant mutant : all) {
                Path own = Files.createDirectories(home.resolve(mutant.name()));
                compile(mutant.plant(sources, own), service, Files.createDirectories(own.resolve("classes")));
            }
            System.out.println(all.size() + " mistakes can be planted");
        } finally {
            Directories.delete(home);
        }
    }

    private String hunt(Mutant mutant, String java) throws Exception {
        Path home = Files.createTempDirectory(work, "sluice-mutant-");
        try {
            Path classes = Files.createDirectories(home.resolve("classes"));
            Path image = Image.extract(Javas.choose(java).program(), jar, home);
            compile(mutant.plant(sources, home.resolve("sources")), image.resolve("sluice.jar"), classes);
            long start = System.nanoTime();
            List<String> options = new ArrayList<>(List.of(
                    "--jar",
                    jar.toString(),
                    "--classes",
                    classes.toString(),
                    "--seconds",
                    Integer.toString(seconds),
                    "--seed",
                    Long.toString(seed),
                    "--work",
                    work.toString(),
                    "--out",
                    home.resolve("out").toString(),
                    "--until-violation",
                    "--discard"));
            options.addAll(mutant.faults().isEmpty() ? List.of("--no-standby") : List.of("--faults", mutant.faults()));
            if (!java.isEmpty()) {
                options.addAll(List.of("--java", java));
            }
            if (!mutant.sinks().isEmpty()) {
                options.addAll(List.of("--sinks", mutant.sinks()));
            }
            List<String> violations = Campaign.run(options.toArray(new String[0]));
            long took = (System.nanoTime() - start) / 1_000_000_000;
            return violations.isEmpty() ? "**not in " + took + " s**" : took + " s: " + brief(violations.get(0));
        } finally {
            Directories.delete(home);
        }
    }

    private static String brief(String violation) {
        String line = violation.replace('\n', ' ').replace("|", "\\|");
        return line.length() > 160 ? line.substring(0, 160) + "…" : line;
    }

    private static void compile(List<Path> files, Path jar, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            manager,
                            null,
                            List.of(
                                    "-parameters",
                                    "-proc:none",
                                    "-nowarn",
                                    "--release",
                                    "17",
                                    "-d",
                                    classes.toString(),
                                    "-cp",
                                    jar.toString()),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new IOException(
                        files.stream().map(Path::toString).collect(Collectors.joining(", ")) + ": " + said);
            }
        }
    }
}

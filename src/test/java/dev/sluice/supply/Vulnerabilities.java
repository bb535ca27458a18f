package dev.sluice.supply;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for the known vulnerabilities of what a jar is built of: {@code src/supply/vulnerabilities [--write]
 * [--recorded] [--url URL] [JAR]}. Ends with 0 if there are none, 1 if there are, 2 if that could not be found out, 3 if
 * it was called in another way.
 */
final class Vulnerabilities {

    static final int USAGE = 3;

    private final PrintStream out;
    private final LocalDate today;

    private URI url = Osv.PUBLIC;
    private boolean write;
    private boolean recorded;
    private Path jar;

    Vulnerabilities(PrintStream out, LocalDate today) {
        this.out = out;
        this.today = today;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.exit(new Vulnerabilities(System.out, LocalDate.now(Clock.systemUTC())).run(List.of(arguments)));
    }

    int run(List<String> arguments) throws IOException, InterruptedException {
        if (!understood(new ArrayList<>(arguments))) {
            out.println("usage: src/supply/vulnerabilities [--write | --recorded] [--url URL] [JAR]");
            return USAGE;
        }
        List<Component> components = jar == null ? Sbom.built() : Sbom.ofJar(jar);
        Looked looked = looked(components);
        Verdict verdict = Verdict.of(components, looked, Tolerated.read(), today);
        out.print(verdict.text(components.size(), looked.when()));
        return verdict.exitCode();
    }

    private boolean understood(List<String> arguments) {
        while (!arguments.isEmpty()) {
            String argument = arguments.remove(0);
            switch (argument) {
                case "--write" -> write = true;
                case "--recorded" -> recorded = true;
                case "--url" -> {
                    if (arguments.isEmpty()) {
                        return false;
                    }
                    url = URI.create(arguments.remove(0));
                }
                default -> {
                    if (argument.startsWith("-") || jar != null) {
                        return false;
                    }
                    jar = Path.of(argument);
                }
            }
        }
        // What is recorded is of the sources that it lies beside.
        return !write || (!recorded && jar == null);
    }

    private Looked looked(List<Component> components) throws IOException, InterruptedException {
        if (recorded) {
            return Looked.read();
        }
        try {
            Looked looked = new Osv(url).ask(components);
            if (write) {
                looked.write();
            }
            return looked;
        } catch (IOException e) {
            out.println("NOT ASKED: " + url + " cannot be asked (" + e
                    + "). What follows is what was found when it was asked last");
            return Looked.read();
        }
    }
}

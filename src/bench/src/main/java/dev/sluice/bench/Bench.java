package dev.sluice.bench;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.postgres.MissingToolException;
import dev.sluice.bench.postgres.OwnServer;
import dev.sluice.bench.postgres.Settings;
import dev.sluice.bench.postgres.Tools;
import dev.sluice.bench.process.Cleanup;
import dev.sluice.bench.process.Directories;
import dev.sluice.bench.question.Lab;
import dev.sluice.bench.question.Question;
import dev.sluice.bench.question.Questions;
import dev.sluice.bench.report.Machine;
import dev.sluice.bench.report.Report;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Outcome;
import dev.sluice.bench.service.Javas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the questions, one after the other, and writes the report after each. */
public final class Bench {

    private Bench() {}

    public static void main(String... arguments) {
        try {
            Options options = Options.parse(arguments);
            if (options.help()) {
                System.out.println(Options.USAGE);
            } else if (options.list()) {
                Questions.all().forEach(q -> System.out.printf("%-20s %s; goal: %s%n", q.name(), q.title(), q.goal()));
            } else {
                System.exit(run(options, chosen(options)) ? 0 : 1);
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static List<Question> chosen(Options options) {
        List<Question> all = Questions.all();
        for (String name : options.questions()) {
            if (all.stream().noneMatch(question -> question.name().equals(name))) {
                throw new IllegalArgumentException("no question is called " + name);
            }
        }
        return all.stream()
                .filter(q ->
                        options.questions().isEmpty() || options.questions().contains(q.name()))
                .toList();
    }

    private static boolean run(Options options, List<Question> questions) throws Exception {
        try (Cleanup cleanup = new Cleanup()) {
            Path work = Files.createTempDirectory(options.work(), "sluice-bench-");
            if (!options.keep()) {
                cleanup.add(() -> Directories.delete(work));
            }
            Map<String, String> machine = Machine.describe(work);
            Lab lab = new Lab(
                    server(options, work, cleanup),
                    new Tools(options.pgBin()),
                    Javas.choose(options.java()),
                    Files.copy(options.jar(), work.resolve("sluice.jar")),
                    options.before().isEmpty()
                            ? null
                            : Path.of(options.before()).toAbsolutePath(),
                    work,
                    Files.createDirectories(options.out()),
                    Path.of(System.getProperty("bench.home", ".")).toAbsolutePath(),
                    new Lab.Sizes(options.quick(), options.rounds(), options.largeRows(), options.memoryMinutes()),
                    options.profile());
            List<Outcome> outcomes = new ArrayList<>();
            Report report = new Report(
                    Instant.now(),
                    System.getProperty("bench.command", "src/bench/run"),
                    options.quick(),
                    options.rounds(),
                    machine,
                    Versions.of(lab),
                    Settings.read(lab.server()),
                    outcomes,
                    lab.troubles());
            for (Question question : questions) {
                outcomes.add(ask(question, lab));
                report.write(options.out());
            }
            lab.say("The report is " + options.out().resolve("report.md"));
            return outcomes.stream().noneMatch(Outcome::failed);
        }
    }

    private static Database server(Options options, Path work, Cleanup cleanup) throws Exception {
        if (!options.url().isEmpty()) {
            return Database.of(options.url(), options.username(), options.password());
        }
        OwnServer server = OwnServer.start(Files.createDirectory(work.resolve("postgres")));
        cleanup.add(server::close);
        return server.database();
    }

    private static Outcome ask(Question question, Lab lab) {
        lab.say(question.name() + ": " + question.title());
        long start = System.nanoTime();
        try {
            return outcome(question, question.ask(lab), "", true, start);
        } catch (MissingToolException e) {
            lab.say("  not run: " + e.getMessage());
            return outcome(question, null, e.getMessage(), false, start);
        } catch (Exception e) {
            lab.say("  failed: " + e);
            return outcome(question, null, String.valueOf(e), true, start);
        }
    }

    private static Outcome outcome(Question question, Answer answer, String failure, boolean asked, long start) {
        return new Outcome(
                question.name(),
                question.title(),
                question.goal(),
                answer,
                failure,
                asked,
                (System.nanoTime() - start) / 1e9);
    }
}

package dev.sluice.campaign;

import dev.sluice.bench.process.Directories;
import dev.sluice.campaign.check.Checker;
import dev.sluice.campaign.check.DiskErrors;
import dev.sluice.campaign.check.Leaks;
import dev.sluice.campaign.cluster.SmallDisk;
import dev.sluice.campaign.nemesis.Fault;
import dev.sluice.campaign.nemesis.Faults;
import dev.sluice.campaign.nemesis.Losses;
import dev.sluice.campaign.nemesis.Nemesis;
import dev.sluice.campaign.stream.Damage;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Hostile;
import dev.sluice.campaign.stream.Keys;
import dev.sluice.campaign.stream.LateLetters;
import dev.sluice.campaign.stream.PartitionWriter;
import dev.sluice.campaign.stream.Services;
import dev.sluice.campaign.stream.Silence;
import dev.sluice.campaign.stream.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts everything, hurts it, heals it, and compares what is stored with what was promised. */
public final class Campaign {

    private static final int SETTLE_SECONDS = 30;
    private static final int DRAIN_SECONDS = 60;

    private final Options options;
    private final Random seeds;
    private final AtomicBoolean stop = new AtomicBoolean();

    private Campaign(Options options) {
        this.options = options;
        this.seeds = new Random(options.seed());
    }

    /** Exits with 0 where nothing was violated, with 1 where something was, with 2 where the campaign could not run. */
    public static void main(String[] arguments) {
        int status = 2;
        try {
            status = run(arguments).isEmpty() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(status);
    }

    /** Runs one and returns what was violated. */
    static List<String> run(String... arguments) throws Exception {
        return new Campaign(Options.of(arguments)).run();
    }

    private List<String> run() throws Exception {
        Path home = Files.createTempDirectory(options.work(), "sluice-campaign-");
        Path files = Files.createDirectory(home.resolve("files"));
        Sinks sinks = new Sinks(
                options.sinks(),
                options.partitions(),
                Faults.lose(options.faults().keySet()));
        System.out.printf("Campaign of %d s with seed %d, in %s%n", options.seconds(), options.seed(), home);
        List<String> violations;
        try (History history = new History(home.resolve("history.log"))) {
            try (SmallDisk disk = SmallDisk.mount(files);
                    Cluster cluster = Cluster.start(options, home, files, sinks, history)) {
                run(cluster, home, files, disk, sinks, history);
            } catch (IOException e) {
                // What a fault does to the campaign itself says nothing; a service that does not come back does.
                history.violation("not to be healed: " + e.getMessage());
            }
            violations = history.violations();
        }
        Files.createDirectories(options.out());
        if (options.discard() || (violations.isEmpty() && !options.keep())) {
            Directories.delete(home);
        } else {
            System.out.println("History, logs, files and database are kept in " + home);
        }
        return violations;
    }

    private void run(Cluster cluster, Path home, Path files, SmallDisk disk, Sinks sinks, History history)
            throws Exception {
        cluster.postgres.database().execute(Sinks.refusals());
        Damage damage = new Damage();
        Silence silence = new Silence();
        List<Stream> streams = sinks.streams(damage, silence, history);
        Services administrator = new Services(
                cluster::ports, Files.readString(cluster.administratorKey).strip());
        Services services = sinks.areLosing() ? administrator : withKey(administrator);
        List<PartitionWriter> writers = streams.stream()
                .map(stream -> Sinks.writer(stream, services, options.restMillis(), seeds.nextLong(), history, stop))
                .toList();
        List<Fault> faults = new Faults(
                        cluster.postgres,
                        cluster.services,
                        cluster.proxies,
                        cluster.target,
                        cluster.preloads,
                        losses(streams),
                        damage,
                        disk,
                        new Faults.Operated(services, silence, history),
                        stop)
                .choose(options.faults());
        Nemesis nemesis = new Nemesis(faults, options.atOnce(), options.paceMillis(), seeds.nextLong(), history, stop);
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        writers.forEach(writer -> threads.add(start(writer)));
        if (!sinks.areLosing()) {
            // Where the database may forget that a key was revoked, nothing can be said of it.
            threads.add(start(new Hostile(administrator, streams, Sinks.OTHER, seeds.nextLong(), history, stop)));
        }
        Thread clock = start(() -> awaitEnd(history));
        nemesis.run();
        clock.join();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        history.add("HEALING");
        if (options.untilViolation() && !history.violations().isEmpty()) {
            return;
        }
        cluster.heal();
        settle(writers, streams, history);
        Checker checker = new Checker(cluster.postgres.database(), files, cluster.target, history);
        drain(checker, streams, history);
        endTasks(checker, history);
        settleLate(new LateLetters(services, history), streams, history);
        for (Stream stream : streams) {
            Sinks.check(checker, stream);
        }
        Leaks.look(cluster.postgres.database(), cluster.services, history);
        Report report = new Report(
                options,
                seconds,
                nemesis.counts(),
                cluster.proxies,
                DiskErrors.count(home),
                streams,
                checker.records(),
                history);
        System.out.println(report.text());
        Files.createDirectories(options.out());
        Files.writeString(options.out().resolve("report.md"), report.text());
        Files.writeString(options.out().resolve("figures.txt"), report.figures());
        Files.copy(
                home.resolve("sinks.yaml"), options.out().resolve("sinks.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the services for whoever may do all that a campaign does to sinks. */
    private Services withKey(Services administrator) {
        try (Keys keys = new Keys(administrator, seeds.nextLong())) {
            String key = keys.make("*", "write read records operate");
            return new Services(administrator.ports(), key);
        }
    }

    private static Losses losses(List<Stream> streams) {
        return new Losses() {
            @Override
            public void begin() {
                streams.forEach(Stream::mayLose);
            }

            @Override
            public void end() {
                streams.forEach(Stream::losesNoMore);
            }
        };
    }

    private void awaitEnd(History history) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.seconds());
        while (System.nanoTime() < end
                && !(options.untilViolation() && !history.violations().isEmpty())) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        stop.set(true);
    }

    /** Every partition has to take what was left open, and a record more, soon after all is well again. */
    private static void settle(List<PartitionWriter> writers, List<Stream> streams, History history)
            throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            PartitionWriter writer = writers.get(i);
            Stream stream = streams.get(i);
            threads.add(start(() -> {
                if (!writer.settle(SETTLE_SECONDS)) {
                    history.violation(stream.partition() + " is not writable " + SETTLE_SECONDS + " s after healing");
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void drain(Checker checker, List<Stream> streams, History history) throws Exception {
        for (Stream stream : streams) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
            long reached = -1;
            while (!Sinks.delivered(checker, stream)) {
                // Much may wait, where what is refused has to be found by halves: what counts is that it goes on.
                long now = checker.deliveredOffset(stream.sink(), stream.partition());
                if (now > reached) {
                    reached = now;
                    deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
                }
                if (System.nanoTime() > deadline) {
                    history.violation(stream.partition() + " stands at " + reached
                            + " and is not delivered further for " + DRAIN_SECONDS + " s after healing");
                    return;
                }
                Thread.sleep(100);
            }
        }
    }

    /* What an operator has begun goes on, whoever did it when it began. */
    private static void endTasks(Checker checker, History history) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
        while (checker.runningTasks() > 0) {
            if (System.nanoTime() > deadline) {
                history.violation(
                        checker.runningTasks() + " tasks have not ended " + DRAIN_SECONDS + " s after healing");
                return;
            }
            Thread.sleep(100);
        }
    }

    private static void settleLate(LateLetters letters, List<Stream> streams, History history) {
        for (Stream stream : streams) {
            String sink = Sinks.sendingLate(stream);
            if (!sink.isEmpty() && !letters.settle(sink, stream.partition(), SETTLE_SECONDS)) {
                history.violation(sink + "/" + stream.partition() + ": a dead letter is still on its way "
                        + SETTLE_SECONDS + " s after healing");
            }
        }
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work, "campaign");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

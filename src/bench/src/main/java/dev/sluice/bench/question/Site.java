package dev.sluice.bench.question;

import dev.sluice.bench.load.HttpLoad;
import dev.sluice.bench.postgres.Copy;
import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.postgres.PeerTables;
import dev.sluice.bench.postgres.PgBench;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Jvm;
import dev.sluice.bench.report.FlameGraph;
import dev.sluice.bench.service.Profiler;
import dev.sluice.bench.service.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A database of its own with a service in front of it, and beside its tables the competitors' ones. */
final class Site implements AutoCloseable {

    /* Counted at once: a table that nobody has counted since it was emptied lacks what was acknowledged. */
    private static final String EMPTY = "begin; truncate %1$s, sluice.receipt; analyze %1$s; commit";

    private static final Duration LOAD_LIMIT = Duration.ofMinutes(30);

    private final Lab lab;
    private final String name;
    private final Path directory;
    private final Database database;
    private final Service service;
    private final int partitions;
    private Optional<Profiler> profiler = Optional.empty();

    private Site(Lab lab, String name, Path directory, Database database, Service service, int partitions) {
        this.lab = lab;
        this.name = name;
        this.directory = directory;
        this.database = database;
        this.service = service;
        this.partitions = partitions;
    }

    static Site open(Lab lab, String name, int partitions, String... settings) throws Exception {
        return open(lab, Service.HEAP, name, partitions, settings);
    }

    static Site open(Lab lab, List<String> heap, String name, int partitions, String... settings) throws Exception {
        Path directory = lab.directory(name);
        Database database = create(lab, name);
        try {
            List<String> command = Service.command(
                    lab.java().program(), heap, "-jar", lab.jar().toString());
            Service service = Service.start(command, directory, database, partitions, List.of(settings));
            return new Site(lab, name, directory, database, service, partitions);
        } catch (IOException | InterruptedException e) {
            drop(lab, database);
            throw e;
        }
    }

    static void drop(Lab lab, Database database) throws SQLException {
        lab.server().execute("drop database if exists " + database.name() + " with (force)");
    }

    /** Creates an empty database with the competitors' tables. */
    static Database create(Lab lab, String name) throws SQLException {
        String databaseName = "sluice_bench_" + name.replace('-', '_');
        lab.server()
                .execute(
                        "drop database if exists " + databaseName + " with (force)", "create database " + databaseName);
        Database database = lab.server().named(databaseName);
        database.execute(PeerTables.create());
        return database;
    }

    Service service() {
        return service;
    }

    Database database() {
        return database;
    }

    Path directory() {
        return directory;
    }

    Copy copy() {
        return new Copy(database, lab.tools(), directory);
    }

    PgBench pgbench() {
        return new PgBench(database, lab.tools(), directory);
    }

    /** Empties Sluice's table and ledger; the partitions go on where they stand. */
    void resetSluice() throws SQLException {
        reset("events");
    }

    /** The same for other tables of sinks. */
    void reset(String... tables) throws SQLException {
        database.execute(EMPTY.formatted(String.join(", ", tables)), "vacuum analyze sluice.snapshot", "checkpoint");
    }

    /** Empties the competitors' tables. */
    void resetPeer() throws SQLException {
        database.execute(PeerTables.reset(partitions));
        database.execute("checkpoint");
    }

    /**
     * Lets the service's JVM compile what will be measured, and begins to profile it where that is wanted. Small requests
     * come first: large ones are too few for it to compile what each request costs.
     */
    void warmUp(String... load) throws Exception {
        String seconds = "" + lab.size(20, 1);
        load(
                "--partitions",
                "" + partitions,
                "--batch",
                "1",
                "--connections",
                "16",
                "--seconds",
                seconds,
                "--warmup",
                "0");
        warmUpOnlyWith(load);
    }

    /** The same without small requests, for what has to write all records itself. */
    void warmUpOnlyWith(String... load) throws Exception {
        load(load);
        if (lab.profile()) {
            profiler = Optional.of(Profiler.start(service.pid(), directory));
        }
    }

    /** Sends requests from a process of its own, and counts afterwards that every acknowledged row is in the table. */
    LoadResult load(String... arguments) throws Exception {
        LoadResult result = overload(arguments);
        tellRepeats(result);
        return result;
    }

    /** The same where it is expected that requests are refused. */
    LoadResult overload(String... arguments) throws Exception {
        long before = rows();
        LoadResult result = send(arguments);
        requireRows(before + result.acknowledged());
        return result;
    }

    /** Sends requests to another sink, and counts afterwards that every acknowledged record has arrived behind it. */
    LoadResult load(Place place, String... arguments) throws Exception {
        long[] before = place.counted();
        LoadResult result = send(place.load(arguments));
        place.requireArrived(before, result.acknowledged());
        tellRepeats(result);
        return result;
    }

    /** Sends requests, without a look at what arrives. */
    LoadResult send(String... arguments) throws IOException, InterruptedException {
        return LoadResult.of(Child.run(directory, "load", LOAD_LIMIT, Map.of(), loadCommand(arguments)));
    }

    /** Sends again what is there, and counts afterwards that nothing was added. */
    LoadResult replay(String... arguments) throws Exception {
        long before = rows();
        LoadResult result = send(arguments);
        requireRows(before);
        tellRepeats(result);
        return result;
    }

    /** Loads files by COPY, counts afterwards that all rows are there, and returns the rows a second. */
    double copied(List<Path> files, long rows) throws Exception {
        String count = "select count(*) from peer.events";
        long before = database.number(count);
        double seconds = copy().load(files);
        if (database.number(count) != before + rows) {
            throw new IOException("COPY did not load " + rows + " rows");
        }
        return rows / seconds;
    }

    List<String> loadCommand(String... arguments) {
        List<String> command = new ArrayList<>(List.of("--url", service.url()));
        command.addAll(List.of(arguments));
        return Jvm.command(HttpLoad.class.getName(), command);
    }

    long rows() throws SQLException {
        return database.number("select count(*) from events");
    }

    void requireRows(long expected) throws SQLException, IOException {
        long found = rows();
        if (found != expected) {
            throw new IOException("ROWS DO NOT MATCH: " + expected + " acknowledged, " + found + " in the table");
        }
    }

    void tellRepeats(LoadResult result) {
        if (!result.repeats().equals("{}")) {
            lab.say("  asked to come again, by status: " + result.repeats());
            lab.troubles().merge(name + " " + result.repeats(), 1L, Long::sum);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        if (profiler.isPresent()) {
            Path stacks = profiler.orElseThrow().stop();
            Files.writeString(
                    lab.out().resolve("flame-" + name + ".svg"), FlameGraph.of(Files.readAllLines(stacks), name));
        }
        service.close();
        drop(lab, database);
    }
}

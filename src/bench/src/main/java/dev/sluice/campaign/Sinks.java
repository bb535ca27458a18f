package dev.sluice.campaign;

import dev.sluice.campaign.check.Checker;
import dev.sluice.campaign.stream.Damage;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.KeyedWriter;
import dev.sluice.campaign.stream.PartitionWriter;
import dev.sluice.campaign.stream.Records;
import dev.sluice.campaign.stream.ScatteredWriter;
import dev.sluice.campaign.stream.Services;
import dev.sluice.campaign.stream.Silence;
import dev.sluice.campaign.stream.Stream;
import dev.sluice.campaign.stream.Stream.Rewinds;
import dev.sluice.campaign.stream.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The sinks of a campaign: one of each kind, each with partitions of its own. */
final class Sinks {

    static final List<String> ALL = List.of(
            "rows",
            "typed",
            "upserted",
            "changed",
            "scattered",
            "lines",
            "one-file",
            "calls",
            "buffered",
            "sent-later",
            "both",
            "twice",
            "keyed",
            "keyed-lines",
            "letters",
            "keyed-letters",
            "stopped",
            "calls-letters",
            "buffered-letters",
            "sent-letters",
            "both-letters",
            "twice-letters");

    /** The partitions of those that take keyed records. */
    private static final Map<String, List<String>> KEYED = Map.of(
            "keyed", List.of("k0", "k1", "k2"),
            "keyed-lines", List.of("l0", "l1", "l2"),
            "keyed-letters", List.of("m0", "m1", "m2"));

    /* Tables that refuse some records, which become dead letters; those of the last one only if they are set aside. */
    private static final List<String> REFUSING = List.of(
            "letters", "keyed-letters", "stopped", "buffered-letters-rows", "both-letters-rows", "twice-letters-rows");

    /* Offsets that a careless int or double would not survive. */
    private static final long BEYOND_INT = (1L << 31) - 1_000;
    private static final long BEYOND_DOUBLE = (1L << 53) + 1;

    /*
     * Not where acknowledged records are lost: a buffer forgets what it had sent, and cuts it anew; and the writers of
     * the others do not know what to expect.
     */
    private static final Set<String> NOT_TO_BE_LOST = Set.of(
            "upserted",
            "changed",
            "scattered",
            "sent-later",
            "keyed",
            "keyed-lines",
            "letters",
            "keyed-letters",
            "stopped",
            "calls-letters",
            "buffered-letters",
            "sent-letters",
            "both-letters",
            "twice-letters");

    /* Whose partitions are set forward now and then. Nobody would tell the target of a fan-out. */
    private static final Set<String> RESET = Set.of("rows", "typed", "lines", "one-file", "buffered");

    /** One that no stream writes to by itself. */
    static final String OTHER = "twice-texts";

    private final Set<String> chosen;
    private final boolean losing;
    private final int partitions;

    /**
     * @param chosen those that are written to; all that can be where it is empty
     * @param partitions how many each of the sinks has whose batches are committed in groups
     * @param losing whether acknowledged records may be lost
     */
    Sinks(Set<String> chosen, int partitions, boolean losing) {
        if (!ALL.containsAll(chosen)) {
            throw new IllegalArgumentException("--sinks knows " + ALL + ", not " + chosen);
        }
        this.losing = losing;
        this.partitions = partitions;
        this.chosen = (chosen.isEmpty() ? ALL : chosen)
                .stream()
                        .filter(sink -> !losing || !NOT_TO_BE_LOST.contains(sink))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Writes their configuration. */
    Path configure(Path file, Path files, String url) throws IOException {
        return Files.writeString(file, """
                sluice:
                  sinks:
                    rows:
                      type: table
                      data-type: json
                      partitions: [t0, t1, t2, t3]
                    typed:
                      type: table
                      partitions: %11$s
                      columns: &columns
                        s: {from: /s, type: text}
                        o: {from: /o, type: bigint}
                        h: {from: /h, type: text}
                        p: {from: /p, type: text}
                        data: {from: "", type: json}
                    upserted:
                      type: table
                      mode: upsert
                      key: [s, p]
                      partitions: %12$s
                      columns: *columns
                    changed:
                      type: table
                      mode: changes
                      operation: {from: /d, delete: ["true"]}
                      key: [s, p]
                      partitions: %13$s
                      columns: *columns
                    scattered:
                      type: table
                      data-type: json
                      order: any
                      partitions: [a0, a1]
                    one-file:
                      type: file
                      directory: %1$s/one-file
                      partitions: %5$s
                    lines:
                      type: file
                      layout: segments
                      rotate-size: 1MB
                      directory: %1$s/lines
                      partitions: %6$s
                    calls: &calls
                      type: http
                      url: %2$s
                      envelope: ndjson
                      target-honours-key: true
                      max-attempts: 3
                      timeout: 3s
                      deadline: 6s
                      breaker-wait: 1s
                      partitions: %7$s
                    buffered-rows:
                      type: table
                      data-type: json
                      partitions: %8$s
                    buffered:
                      type: batching
                      target: buffered-rows
                      batch-size: 500
                      flush-interval: 200ms
                    sent:
                      <<: *calls
                      partitions: %9$s
                    sent-later:
                      type: batching
                      target: sent
                      batch-size: 500
                      flush-interval: 300ms
                    keyed:
                      type: table
                      data-type: json
                      partitions: %3$s
                    keyed-lines:
                      type: file
                      layout: segments
                      directory: %1$s/keyed-lines
                      partitions: %4$s
                    both-rows:
                      type: table
                      data-type: json
                      partitions: %10$s
                    both-lines:
                      type: file
                      layout: segments
                      directory: %1$s/both-lines
                      partitions: %10$s
                    both:
                      type: fanout
                      targets: [both-rows, both-lines]
                    twice-rows:
                      type: table
                      data-type: json
                      partitions: %14$s
                    twice-texts:
                      type: table
                      data-type: text
                      partitions: %14$s
                    twice:
                      type: fanout
                      targets: [twice-texts, twice-rows]
                    letters: &letters
                      type: table
                      data-type: json
                      partitions: %15$s
                      on-rejected: dead-letter
                      dead-letters: {max-open: 1000000}
                    keyed-letters:
                      <<: *letters
                      partitions: %16$s
                    stopped:
                      type: table
                      data-type: json
                      partitions: %17$s
                    calls-letters: &calls-letters
                      <<: *calls
                      partitions: %18$s
                      on-rejected: dead-letter
                      dead-letters: {max-open: 1000000}
                    buffered-letters-rows:
                      <<: *letters
                      partitions: %19$s
                    buffered-letters:
                      type: batching
                      target: buffered-letters-rows
                      batch-size: 500
                      flush-interval: 200ms
                    sent-letters-calls:
                      <<: *calls-letters
                      partitions: %20$s
                    sent-letters:
                      type: batching
                      target: sent-letters-calls
                      batch-size: 500
                      flush-interval: 300ms
                    both-letters-rows:
                      <<: *letters
                      partitions: %21$s
                    both-letters-lines:
                      type: file
                      layout: segments
                      directory: %1$s/both-letters-lines
                      partitions: %21$s
                    both-letters:
                      type: fanout
                      targets: [both-letters-rows, both-letters-lines]
                    twice-letters-rows:
                      <<: *letters
                      partitions: %22$s
                    twice-letters-texts:
                      type: table
                      data-type: text
                      partitions: %22$s
                    twice-letters:
                      type: fanout
                      targets: [twice-letters-texts, twice-letters-rows]
                """.formatted(
                        files,
                        url,
                        KEYED.get("keyed"),
                        KEYED.get("keyed-lines"),
                        named("g"),
                        named("f"),
                        named("h"),
                        named("b"),
                        named("s"),
                        named("o"),
                        named("c"),
                        named("u"),
                        named("e"),
                        named("w"),
                        named("d"),
                        KEYED.get("keyed-letters"),
                        named("x"),
                        named("q"),
                        named("v"),
                        named("y"),
                        named("z"),
                        named("j")));
    }

    /** Returns the statements by which the tables refuse what {@link Records#refused} says. */
    static String[] refusals() {
        return REFUSING.stream()
                .map(table -> "alter table \"" + table + "\" add constraint good check ((data ->> 'h') not like '%00')")
                .toArray(String[]::new);
    }

    private List<String> named(String letter) {
        return IntStream.range(0, partitions).mapToObj(i -> letter + i).toList();
    }

    /** Whether acknowledged records may be lost, and whatever else the database knows with them. */
    boolean areLosing() {
        return losing;
    }

    List<Stream> streams(Damage damage, Silence silence, History history) {
        List<Stream> streams = new ArrayList<>();
        add(streams, damage, silence, history, "rows", true, Rewinds.ANYWHERE, 0, List.of("t0", "t1", "t2"));
        add(streams, damage, silence, history, "rows", true, Rewinds.ANYWHERE, BEYOND_DOUBLE, List.of("t3"));
        add(streams, damage, silence, history, "typed", true, Rewinds.ANYWHERE, 0, named("c"));
        add(streams, damage, silence, history, "upserted", true, Rewinds.NEVER, 0, named("u"));
        add(streams, damage, silence, history, "changed", true, Rewinds.NEVER, 0, named("e"));
        add(streams, damage, silence, history, "scattered", true, Rewinds.NEVER, 0, List.of("a0", "a1"));
        add(streams, damage, silence, history, "one-file", true, Rewinds.TO_SNAPSHOTS, 0, named("g"));
        List<String> lines = named("f");
        add(streams, damage, silence, history, "lines", true, Rewinds.TO_SNAPSHOTS, 0, lines.subList(1, lines.size()));
        add(streams, damage, silence, history, "lines", true, Rewinds.TO_SNAPSHOTS, BEYOND_INT, lines.subList(0, 1));
        add(streams, damage, silence, history, "calls", false, Rewinds.NEVER, 0, named("h"));
        add(streams, damage, silence, history, "buffered", true, Rewinds.BEFORE_DELIVERY, 0, named("b"));
        add(streams, damage, silence, history, "sent-later", true, Rewinds.NEVER, 0, named("s"));
        add(streams, damage, silence, history, "both", true, Rewinds.NEVER, 0, named("o"));
        add(streams, damage, silence, history, "twice", true, Rewinds.NEVER, 0, named("w"));
        add(streams, damage, silence, history, "keyed", true, Rewinds.NEVER, 0, List.of("keyed"));
        add(streams, damage, silence, history, "keyed-lines", true, Rewinds.NEVER, 0, List.of("keyed-lines"));
        add(streams, damage, silence, history, "letters", true, Rewinds.ANYWHERE, 0, named("d"));
        add(streams, damage, silence, history, "keyed-letters", true, Rewinds.NEVER, 0, List.of("keyed-letters"));
        add(streams, damage, silence, history, "stopped", true, Rewinds.NEVER, 0, named("x"));
        add(streams, damage, silence, history, "calls-letters", false, Rewinds.NEVER, 0, named("q"));
        add(streams, damage, silence, history, "buffered-letters", true, Rewinds.BEFORE_DELIVERY, 0, named("v"));
        add(streams, damage, silence, history, "sent-letters", true, Rewinds.NEVER, 0, named("y"));
        add(streams, damage, silence, history, "both-letters", true, Rewinds.NEVER, 0, named("z"));
        add(streams, damage, silence, history, "twice-letters", true, Rewinds.NEVER, 0, named("j"));
        return streams;
    }

    private void add(
            List<Stream> streams,
            Damage damage,
            Silence silence,
            History history,
            String sink,
            boolean recuts,
            Rewinds rewinds,
            long base,
            List<String> ofSink) {
        if (chosen.contains(sink)) {
            for (String partition : ofSink) {
                // What was taken back may come again with a database that has lost that.
                streams.add(new Stream(
                        sink,
                        partition,
                        recuts,
                        losing ? Rewinds.NEVER : rewinds,
                        !losing && RESET.contains(sink),
                        base,
                        damage,
                        silence,
                        history));
            }
        }
    }

    /** Returns who feeds a stream. */
    static PartitionWriter writer(
            Stream stream, Services services, int restMillis, long seed, History history, AtomicBoolean stop) {
        return switch (stream.sink()) {
            case "scattered" -> new ScatteredWriter(stream, services, restMillis, seed, history, stop);
            case "keyed", "keyed-lines", "keyed-letters" ->
                new KeyedWriter(stream, services, restMillis, seed, history, stop);
            default -> new Writer(stream, services, restMillis, seed, history, stop);
        };
    }

    /** Returns the sink outside the database that settles what is refused of a stream; empty where there is none. */
    static String sendingLate(Stream stream) {
        return switch (stream.sink()) {
            case "calls-letters" -> "calls-letters";
            case "sent-letters" -> "sent-letters-calls";
            default -> "";
        };
    }

    /** Whether nothing of the stream is still on its way behind an acknowledgement. */
    static boolean delivered(Checker checker, Stream stream) throws SQLException {
        return !Set.of("buffered", "sent-later", "buffered-letters", "sent-letters")
                        .contains(stream.sink())
                || checker.drained(stream.sink(), stream.partition());
    }

    /** Compares what is stored of a stream with what it wrote. */
    static void check(Checker checker, Stream stream) throws SQLException, IOException {
        if (!KEYED.containsKey(stream.sink())) {
            checker.position(stream);
        }
        switch (stream.sink()) {
            case "rows" -> checker.table("rows", stream);
            case "typed" -> checker.typedTable("typed", stream);
            case "upserted" -> checker.upsertedTable("upserted", stream);
            case "changed" -> checker.changedTable("changed", stream);
            case "scattered" -> checker.table("scattered", stream);
            case "one-file" -> checker.singleFile("one-file", stream);
            case "lines" -> checker.file("lines", stream);
            case "calls" -> checker.http("calls", stream);
            case "buffered" -> checker.table("buffered-rows", stream);
            case "sent-later" -> checker.http("sent", stream);
            case "keyed" -> checker.keyedTable("keyed", stream, KEYED.get("keyed"));
            case "letters", "stopped" -> checker.letters(stream.sink(), stream);
            case "buffered-letters" -> checker.letters("buffered-letters-rows", stream);
            case "calls-letters" -> checker.sentLetters("calls-letters", stream);
            case "sent-letters" -> checker.sentLetters("sent-letters-calls", stream);
            case "both-letters" -> {
                checker.letters("both-letters-rows", stream);
                checker.file("both-letters-lines", stream);
            }
            case "twice-letters" -> {
                checker.letters("twice-letters-rows", stream);
                checker.table("twice-letters-texts", stream);
            }
            case "keyed-letters" -> checker.keyedLetters(stream, KEYED.get("keyed-letters"));
            case "keyed-lines" -> checker.keyedFile("keyed-lines", stream, KEYED.get("keyed-lines"));
            case "both" -> {
                checker.table("both-rows", stream);
                checker.file("both-lines", stream);
            }
            case "twice" -> {
                checker.table("twice-rows", stream);
                checker.table("twice-texts", stream);
            }
            default -> throw new IllegalArgumentException(stream.sink());
        }
    }
}

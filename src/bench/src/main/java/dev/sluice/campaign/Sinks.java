package dev.sluice.campaign;

import dev.sluice.campaign.check.Checker;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.PartitionWriter;
import dev.sluice.campaign.stream.ScatteredWriter;
import dev.sluice.campaign.stream.Stream;
import dev.sluice.campaign.stream.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The sinks of a campaign: one of each kind, each with partitions of its own. */
final class Sinks {

    static final List<String> ALL =
            List.of("rows", "scattered", "lines", "one-file", "calls", "buffered", "sent-later", "both");

    /* Offsets that a careless int or double would not survive. */
    private static final long BEYOND_INT = (1L << 31) - 1_000;
    private static final long BEYOND_DOUBLE = (1L << 53) + 1;

    /*
     * Not where acknowledged records are lost: a buffer forgets what it had sent, and cuts it anew; and the writer of
     * the other one does not know what to expect.
     */
    private static final Set<String> NOT_TO_BE_LOST = Set.of("scattered", "sent-later");

    private final Set<String> chosen;

    /**
     * @param chosen those that are written to; all that can be where it is empty
     * @param losing whether acknowledged records may be lost
     */
    Sinks(Set<String> chosen, boolean losing) {
        if (!ALL.containsAll(chosen)) {
            throw new IllegalArgumentException("--sinks knows " + ALL + ", not " + chosen);
        }
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
                    scattered:
                      type: table
                      data-type: json
                      order: any
                      partitions: [a0, a1]
                    one-file:
                      type: file
                      directory: %1$s/one-file
                      partitions: [g0, g1]
                    lines:
                      type: file
                      layout: segments
                      rotate-size: 1MB
                      directory: %1$s/lines
                      partitions: [f0, f1]
                    calls: &calls
                      type: http
                      url: %2$s
                      envelope: ndjson
                      target-honours-key: true
                      max-attempts: 3
                      timeout: 3s
                      deadline: 6s
                      breaker-wait: 1s
                      partitions: [h0, h1]
                    buffered-rows:
                      type: table
                      data-type: json
                      partitions: [b0, b1]
                    buffered:
                      type: batching
                      target: buffered-rows
                      batch-size: 500
                      flush-interval: 200ms
                    sent:
                      <<: *calls
                      partitions: [s0, s1]
                    sent-later:
                      type: batching
                      target: sent
                      batch-size: 500
                      flush-interval: 300ms
                    both-rows:
                      type: table
                      data-type: json
                      partitions: [o0, o1]
                    both-lines:
                      type: file
                      layout: segments
                      directory: %1$s/both-lines
                      partitions: [o0, o1]
                    both:
                      type: fanout
                      targets: [both-rows, both-lines]
                """.formatted(files, url));
    }

    List<Stream> streams(History history) {
        List<Stream> streams = new ArrayList<>();
        add(streams, history, "rows", true, 0, "t0", "t1", "t2");
        add(streams, history, "rows", true, BEYOND_DOUBLE, "t3");
        add(streams, history, "scattered", true, 0, "a0", "a1");
        add(streams, history, "one-file", true, 0, "g0", "g1");
        add(streams, history, "lines", true, 0, "f0");
        add(streams, history, "lines", true, BEYOND_INT, "f1");
        add(streams, history, "calls", false, 0, "h0", "h1");
        add(streams, history, "buffered", true, 0, "b0", "b1");
        add(streams, history, "sent-later", true, 0, "s0", "s1");
        add(streams, history, "both", true, 0, "o0", "o1");
        return streams;
    }

    private void add(
            List<Stream> streams, History history, String sink, boolean recuts, long base, String... partitions) {
        if (chosen.contains(sink)) {
            for (String partition : partitions) {
                streams.add(new Stream(sink, partition, recuts, base, history));
            }
        }
    }

    /** Returns who feeds a stream. */
    static PartitionWriter writer(
            Stream stream,
            Supplier<List<Integer>> ports,
            int restMillis,
            long seed,
            History history,
            AtomicBoolean stop) {
        return stream.sink().equals("scattered")
                ? new ScatteredWriter(stream, ports, restMillis, seed, history, stop)
                : new Writer(stream, ports, restMillis, seed, history, stop);
    }

    /** Whether nothing of the stream is still on its way behind an acknowledgement. */
    static boolean delivered(Checker checker, Stream stream) throws SQLException {
        return !Set.of("buffered", "sent-later").contains(stream.sink())
                || checker.drained(stream.sink(), stream.partition());
    }

    /** Compares what is stored of a stream with what it wrote. */
    static void check(Checker checker, Stream stream) throws SQLException, IOException {
        checker.position(stream);
        switch (stream.sink()) {
            case "rows" -> checker.table("rows", stream);
            case "scattered" -> checker.table("scattered", stream);
            case "one-file" -> checker.singleFile("one-file", stream);
            case "lines" -> checker.file("lines", stream);
            case "calls" -> checker.http("calls", stream);
            case "buffered" -> checker.table("buffered-rows", stream);
            case "sent-later" -> checker.http("sent", stream);
            case "both" -> {
                checker.table("both-rows", stream);
                checker.file("both-lines", stream);
            }
            default -> throw new IllegalArgumentException(stream.sink());
        }
    }
}

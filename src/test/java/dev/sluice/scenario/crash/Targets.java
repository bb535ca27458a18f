package dev.sluice.scenario.crash;

import dev.sluice.http.Receiver;
import dev.sluice.postgres.PostgresForTests.Database;
import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the targets have, each asked in its own way. */
record Targets(Database database, Path files, Receiver honest, Receiver careless) {

    /** Returns the records that a partition's target has, in its order. */
    List<String> records(Client client, String sink, String partition) {
        return switch (sink.substring(sink.lastIndexOf('-') + 1)) {
            case "rows" -> rows(sink, partition);
            case "files" -> lines(read(files.resolve(sink).resolve(partition + ".ndjson"), Long.MAX_VALUE));
            case "segments" -> segments(client, sink, partition);
            case "honest" -> sent(honest, partition);
            case "careless" -> sent(careless, partition);
            default -> throw new IllegalArgumentException(sink);
        };
    }

    private List<String> rows(String sink, String partition) {
        List<String> rows = InProcess.query(
                database,
                "select source_offset || ' ' || data from \"" + sink + "\" where partition_id = '" + partition
                        + "' order by source_offset");
        List<String> records = new ArrayList<>();
        for (String row : rows) {
            String expected = records.size() + " ";
            if (!row.startsWith(expected)) {
                throw new AssertionError("there is no row with offset " + expected + "but " + row);
            }
            records.add(row.substring(expected.length()));
        }
        return records;
    }

    /** What counts are the bytes that the manifest lists. */
    private List<String> segments(Client client, String sink, String partition) {
        Answer snapshot = client.snapshot(sink, partition);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (JsonNode segment : snapshot.body().path("state").path("segments")) {
            all.writeBytes(read(
                    files.resolve(sink).resolve(segment.path("name").stringValue()),
                    segment.path("bytes").longValue()));
        }
        return lines(all.toByteArray());
    }

    private static byte[] read(Path file, long most) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return most < bytes.length ? Arrays.copyOf(bytes, (int) most) : bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new AssertionError("the last line is torn: " + text.substring(text.lastIndexOf('\n') + 1));
        }
        return text.isEmpty()
                ? List.of()
                : List.of(text.substring(0, text.length() - 1).split("\n", -1));
    }

    private static List<String> sent(Receiver receiver, String partition) {
        String mark = NumberedStream.mark(partition);
        return receiver.effects().stream()
                .flatMap(String::lines)
                .filter(record -> record.startsWith(mark))
                .toList();
    }
}

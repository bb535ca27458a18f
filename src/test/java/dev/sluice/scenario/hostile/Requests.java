package dev.sluice.scenario.hostile;

import dev.sluice.scenario.Client;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Requests as they should be, of one writer, whose partition nobody else writes to. */
final class Requests {

    private static final String BATCH = "POST /sinks/{sink}/partitions/{partition}";
    private static final String UNKNOWN = "/sinks/nowhere/partitions/0?offset=0";

    private final Random random;
    private final String partition;
    private final String key;

    /** With a key, or an empty text where none is wanted. */
    Requests(Random random, String partition, String key) {
        this.random = random;
        this.partition = partition;
        this.key = key;
    }

    /** Returns some request; a batch begins at the offset. */
    Draft any(long offset) {
        String own = Client.partition("hostile", partition);
        Draft draft = switch (random.nextInt(10)) {
            case 0, 1 ->
                draft(BATCH, own, Client.dense(offset, records(",")), offset).header(type("json"));
            case 2, 3 ->
                draft(BATCH, own + "?offset=" + offset, records("\n") + "\n", offset)
                        .header(type("x-ndjson"));
            case 4 -> draft("GET /sinks/{sink}/partitions/{partition}/snapshot", own + "/snapshot", "", -1);
            case 5 -> draft("GET /sinks/{sink}", "/sinks/hostile", "", -1);
            case 6 ->
                draft("POST /sinks/{sink}/partitions/{partition}/open", own + "/open", "{\"owner\":1}", -1)
                        .header(type("json"));
            // Refused before their bodies are read, which would be batches by themselves.
            case 7 -> draft(BATCH, UNKNOWN, Mutations.SMUGGLED, -1).header(type("x-ndjson"));
            case 8 -> draft(BATCH, own, Mutations.SMUGGLED, -1).header(type("octet-stream"));
            default ->
                draft(
                                "PUT /sinks/{sink}",
                                "/sinks/hostile?dryRun=true",
                                "{\"type\":\"table\",\"partitions\":[\"0\"]}",
                                -1)
                        .header(type("json"));
        };
        return key.isEmpty() ? draft : draft.header("Authorization: Bearer " + key);
    }

    private Draft draft(String operation, String target, String content, long offset) {
        return new Draft(random, operation, target, content, offset);
    }

    private static String type(String subtype) {
        return "Content-Type: application/" + subtype;
    }

    private String records(String between) {
        return IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(
                        i -> List.of("1", "\"two\"", "{\"three\":3}", "[null]").get(random.nextInt(4)))
                .collect(Collectors.joining(between));
    }
}

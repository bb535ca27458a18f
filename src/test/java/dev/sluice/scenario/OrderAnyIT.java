package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A partition that takes offsets in any order: each record is new, a duplicate or a conflict on its own. */
@Tag("conformance")
class OrderAnyIT {

    private static InProcess service;
    private static Client client;
    private static int used;

    private String part;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.any.type=table",
                "sluice.sinks.any.partitions=a0,a1,a2,a3,a4,a5,a6,a7,a8,a9",
                "sluice.sinks.any.order=any",
                "sluice.sinks.any.max-ranges=8",
                "sluice.sinks.wide.type=table",
                "sluice.sinks.wide.partitions=0",
                "sluice.sinks.wide.order=any");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void takePartition() {
        part = "a" + used++;
    }

    private Answer post(String body) {
        return client.post(partition("any", part), JSON, body);
    }

    private List<String> rows() {
        return service.query("select source_offset, data from any where partition_id = '%s' order by 1"
                .replace("any", "\"any\"")
                .formatted(part));
    }

    @Test
    void takesOffsetsInAnyOrderAndMovesTheNextOffsetOnceTheFirstAreThere() {
        post("{\"offsets\":[5,2,9],\"records\":[\"f\",\"c\",\"j\"]}")
                .isWritten("committed")
                .has("written", 3)
                .has("nextOffset", 0);
        post("{\"offset\":0,\"records\":[\"a\",\"b\"]}").isWritten("committed").has("nextOffset", 3);
        client.post(
                        partition("any", part) + "?offsets=inline",
                        NDJSON,
                        "{\"offset\":4,\"value\":\"e\"}\n{\"value\":\"d\",\"offset\":3}")
                .isWritten("committed")
                .has("nextOffset", 6);
        assertThat(rows()).containsExactly("0 \"a\"", "1 \"b\"", "2 \"c\"", "3 \"d\"", "4 \"e\"", "5 \"f\"", "9 \"j\"");
    }

    @Test
    void decidesEachRecordOnItsOwn() {
        post("{\"offsets\":[1,3],\"records\":[1,3]}").isWritten("committed");
        post("{\"offsets\":[1,3],\"records\":[1,3]}").isWritten("duplicate").has("verified", true);
        post("{\"offsets\":[3,2,1],\"records\":[3,2,1]}")
                .isWritten("trimmed")
                .has("written", 1)
                .has("duplicates", 2);
        post("{\"offsets\":[3,7],\"records\":[33,7]}")
                .isProblem(422, "offset-conflict")
                .has("offset", 3);
        assertThat(rows()).as("nothing of a conflicting batch is written").containsExactly("1 1", "2 2", "3 3");
    }

    @Test
    void settlesTheHolesOfADeclaredRange() {
        post("{\"first\":0,\"end\":10,\"offsets\":[4],\"records\":[4]}")
                .isWritten("committed")
                .has("nextOffset", 10);
        post("{\"offsets\":[6],\"records\":[6]}")
                .isProblem(422, "offset-conflict")
                .has("offset", 6);
        post("{\"first\":3,\"end\":6,\"offsets\":[],\"records\":[]}")
                .isProblem(422, "offset-conflict")
                .has("offset", 4);
    }

    @Test
    void refusesAnOffsetThatStandsThereTwice() {
        post("{\"offsets\":[5,2,5],\"records\":[5,2,5]}").isProblem(400, "malformed-batch");
        assertThat(rows()).isEmpty();
    }

    @Test
    void keepsABoundedNumberOfRanges() {
        post("{\"offsets\":[1,3,5,7,9,11,13,15],\"records\":[1,3,5,7,9,11,13,15]}")
                .isWritten("committed");
        post("{\"offsets\":[17],\"records\":[17]}").isProblem(409, "offset-gap").has("expectedOffset", 0);
        post("{\"offsets\":[2],\"records\":[2]}").isWritten("committed");
        post("{\"offset\":0,\"records\":[0]}").isWritten("committed").has("nextOffset", 4);
        post("{\"offsets\":[17],\"records\":[17]}").isWritten("committed");
        assertThat(rows()).hasSize(11);
    }

    @Test
    void fencesAsEverywhere() {
        client.open("any", part, "{\"owner\":\"a\"}");
        post("{\"offsets\":[5],\"records\":[5]}").isProblem(428, "fencing-token-required");
        client.open("any", part, "{\"owner\":\"b\"}");
        client.post(partition("any", part), JSON, "{\"offsets\":[5],\"records\":[5]}", "Sluice-Fencing-Token", "1")
                .isProblem(412, "fenced");
        client.open("any", part, "{\"owner\":\"c\",\"resume\":{\"nextOffset\":0}}");
        client.post(partition("any", part), JSON, "{\"offset\":0,\"records\":[5]}", "Sluice-Fencing-Token", "3")
                .isWritten("committed");
        client.open("any", part, "{\"owner\":\"c\",\"resume\":{\"nextOffset\":0}}")
                .isProblem(409, "not-rewindable");
    }

    @Test
    void agreesWithAModelUnderRandomBatches() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Integer, Integer> model = new TreeMap<>();
        for (int round = 0; round < 150; round++) {
            List<Integer> offsets = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                if (random.nextInt(40) == 0) {
                    offsets.add(i);
                }
            }
            Collections.shuffle(offsets, random);
            if (offsets.isEmpty()) {
                continue;
            }
            boolean lies = random.nextInt(8) == 0 && offsets.stream().anyMatch(model::containsKey);
            List<Integer> values =
                    offsets.stream().map(o -> lies ? o + 1000 : o).toList();
            Answer answer = client.post(
                    partition("wide", "0"), JSON, "{\"offsets\":" + offsets + ",\"records\":" + values + "}");
            String told = "seed " + seed + ", round " + round + ": " + answer.body();
            if (lies) {
                assertThat(answer.status()).as(told).isEqualTo(422);
            } else {
                long fresh = offsets.stream().filter(o -> !model.containsKey(o)).count();
                offsets.forEach(o -> model.put(o, o));
                assertThat(answer.status()).as(told).isEqualTo(200);
                assertThat(answer.number("written")).as(told).isEqualTo(fresh);
                assertThat(answer.number("nextOffset")).as(told).isEqualTo(complete(model));
            }
        }
        assertThat(service.query("select source_offset, data from wide order by 1"))
                .as("seed " + seed)
                .isEqualTo(model.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.toList()));
    }

    private static int complete(Map<Integer, Integer> model) {
        int next = 0;
        while (model.containsKey(next)) {
            next++;
        }
        return next;
    }
}

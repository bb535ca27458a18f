package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code sluice.receipts.retention=0}: positions hold, comparison is given up, and said to be. */
class ReceiptsOffIT {

    private static final String[] SINK = {"sluice.sinks.events.type=table", "sluice.sinks.events.partitions=0,1"};

    @Test
    void recognisesRepeatedBatchesWithoutComparingThem() {
        PostgresForTests.Database database = PostgresForTests.freshDatabase();
        try (InProcess service = InProcess.on(database, List.of(), SINK)) {
            service.client().batch("events", "0", 0, "1, 2, 3").isWritten("committed");
            service.client().batch("events", "1", 0, "1").isWritten("committed");
            assertThat(service.query("select count(*) from sluice.receipt")).containsExactly("2");
        }
        try (InProcess service = InProcess.on(database, List.of(), SINK[0], SINK[1], "sluice.receipts.retention=0s")) {
            Client client = service.client();
            client.batch("events", "0", 3, "4, 5").isWritten("committed");
            client.batch("events", "0", 0, "1, 2, 3").isWritten("duplicate").has("verified", false);
            client.batch("events", "0", 2, "3, 4, 5, 6").isWritten("trimmed").has("written", 1);
            client.batch("events", "0", 9, "9").isProblem(409, "offset-gap");
            assertThat(service.query("select count(*) from sluice.receipt where end_offset > 3"))
                    .containsExactly("0");
            assertThat(service.query("select data from events where partition_id = '0' order by source_offset"))
                    .containsExactly("1", "2", "3", "4", "5", "6");
        }
        try (InProcess service = InProcess.on(database, List.of(), SINK)) {
            service.client()
                    .batch("events", "0", 3, "4, 5")
                    .isWritten("duplicate")
                    .has("verified", false);
            service.client().batch("events", "1", 0, "1").isWritten("duplicate").has("verified", true);
        }
    }
}

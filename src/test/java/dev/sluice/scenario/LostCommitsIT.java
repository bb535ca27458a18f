package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A database that has lost its latest commits, as after the failover to an asynchronous standby. */
class LostCommitsIT {

    private static final String LOSE = """
            begin;
            delete from sluice.receipt where first_offset >= 2;
            delete from sluice.snapshot;
            insert into sluice.snapshot select * from kept;
            commit""";

    /* Both replicas have committed the same number of batches since, so that the version alone tells nothing. */
    @Test
    void takesNothingInMemoryForWhatIsCommitted(@TempDir Path directory) throws IOException {
        Database database = PostgresForTests.freshDatabase();
        try (InProcess one = replica(database, directory);
                InProcess two = replica(database, directory)) {
            one.client().batch("f", "0", 0, "0,1").isWritten("committed");
            one.execute("create table kept as select * from sluice.snapshot");
            one.client().batch("f", "0", 2, "\"lost\"").isWritten("committed");
            one.execute(LOSE);
            two.client().batch("f", "0", 2, "\"written again\"").isWritten("committed");
            one.client().batch("f", "0", 3, "3").isWritten("committed");

            JsonNode state = two.client().snapshot("f", "0").body().path("state");
            assertThat(committed(directory, state)).containsExactly("0", "1", "\"written again\"", "3");
        }
    }

    /* Before the writer has noticed it. */
    @Test
    void tellsAWriterWhoGoesOnWhatIsMissing(@TempDir Path directory) {
        Database database = PostgresForTests.freshDatabase();
        try (InProcess service = replica(database, directory)) {
            service.client().batch("f", "0", 0, "0,1").isWritten("committed");
            service.execute("create table kept as select * from sluice.snapshot");
            service.client().batch("f", "0", 2, "2,3").isWritten("committed");
            service.execute(LOSE);
            service.client()
                    .batch("f", "0", 4, "4")
                    .isProblem(409, "offset-gap")
                    .has("expectedOffset", 2);
            service.client().batch("f", "0", 2, "2,3,4").isWritten("committed");
        }
    }

    private static InProcess replica(Database database, Path directory) {
        return InProcess.on(
                database,
                List.of(),
                "sluice.sinks.f.type=file",
                "sluice.sinks.f.layout=segments",
                "sluice.sinks.f.directory=" + directory,
                "sluice.sinks.f.partitions=0");
    }

    /** Returns the lines that a reader of the manifest finds. */
    private static List<String> committed(Path directory, JsonNode state) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode segment : state.path("segments")) {
            String text =
                    Files.readString(directory.resolve(segment.path("name").asString()));
            text.substring(0, segment.path("bytes").asInt()).lines().forEach(lines::add);
        }
        return lines;
    }
}

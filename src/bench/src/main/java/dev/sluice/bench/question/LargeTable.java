package dev.sluice.bench.question;

import dev.sluice.bench.load.SampleRecords;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Fills both sides' tables inside the database, and moves Sluice's partitions behind the rows. */
final class LargeTable {

    private static final String FILL = """
            insert into %s
            select (g %% 4)::text, g / 4, ((?::text[])[1 + g %% 100])::jsonb from generate_series(0, ? - 1) as g""";

    private LargeTable() {}

    /** Returns the first free offset of each of the four partitions. */
    static long fill(Site site, long rows) throws SQLException, IOException, InterruptedException {
        fill(site, "events", rows);
        fill(site, "peer.events", rows);
        site.database().execute("vacuum analyze events", "vacuum analyze peer.events", "checkpoint");
        long start = (rows + 3) / 4;
        for (int partition = 0; partition < 4; partition++) {
            advance(site, partition, start);
        }
        return start;
    }

    private static void fill(Site site, String table, long rows) throws SQLException {
        try (Connection connection = site.database().connect();
                PreparedStatement insert = connection.prepareStatement(FILL.formatted(table))) {
            Array records =
                    connection.createArrayOf("text", SampleRecords.of(100).toArray());
            insert.setArray(1, records);
            insert.setLong(2, rows);
            insert.executeUpdate();
        }
    }

    private static void advance(Site site, int partition, long offset) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(site.service().url() + "/sinks/events/partitions/" + partition))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"first\":0,\"end\":%d,\"offsets\":[],\"records\":[]}".formatted(offset)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("advancing a partition: " + response.body());
        }
    }
}

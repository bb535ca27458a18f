package dev.sluice.watch;

import dev.sluice.access.Identity;
import dev.sluice.access.Verb;
import dev.sluice.console.Say;
import dev.sluice.history.Rate;
import dev.sluice.history.Standing;
import dev.sluice.history.Standing.Position;
import dev.sluice.snapshot.PartitionKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How things stood when they were looked at last.
 *
 * @param failure why they could not be looked at, empty where they could
 */
record Look(Standing standing, Map<String, Rate> rates, String failure) {

    static final List<Verb> READING = List.of(Verb.READ, Verb.OPERATE);

    /** Returns the texts of rows by the names of their cells, of what the viewer may read. */
    Map<String, Map<String, String>> rows(Watched watched, Identity viewer) {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (String sink : watched.sinks()) {
            Rate rate = rates.get(sink);
            if (rate != null && viewer.may(sink, READING)) {
                rows.put("s:" + sink, cells(rate));
            }
        }
        for (PartitionKey key : watched.partitions()) {
            Position position = standing.partitions().get(key);
            if (position != null && viewer.may(key.sink(), READING)) {
                rows.put("p:" + key.partition(), cells(position, watched.buffer()));
            }
        }
        return rows;
    }

    private static Map<String, String> cells(Rate rate) {
        return Map.of(
                "records", Say.rate(rate.records()),
                "refused", Say.rate(rate.refused()),
                "p50", Say.millis(rate.p50Millis()),
                "p99", Say.millis(rate.p99Millis()),
                "undelivered", Say.count((long) rate.undelivered()),
                "oldest", Say.seconds(rate.oldestSeconds()));
    }

    private static Map<String, String> cells(Position position, boolean buffer) {
        Long delivered = buffer ? Objects.requireNonNullElse(position.deliveredOffset(), Long.valueOf(0)) : null;
        String owner = position.owner();
        return Map.of(
                "next", Long.toString(position.nextOffset()),
                "delivered", delivered == null ? "" : Long.toString(delivered),
                "waiting", delivered == null ? "" : Say.count(position.nextOffset() - delivered),
                "owner", owner == null ? "" : owner,
                "changed",
                        position.updatedAt() == null ? "" : position.updatedAt().toString());
    }
}

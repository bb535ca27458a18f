package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.snapshot.PartitionKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The records that operators want settled as dead letters, until they are. */
@Repository
class SetAsideStore {

    private static final String ADD = """
            insert into sluice.set_aside (sink, partition_id, source_offset, actor, reason) values (?, ?, ?, ?, ?)
            on conflict (sink, partition_id, source_offset) do update
               set actor = excluded.actor, reason = excluded.reason, at = now()""";
    private static final String LIST = """
            select partition_id, source_offset, actor, reason, at from sluice.set_aside a
             where sink = ?
               and not exists (select from sluice.snapshot s
                                where s.sink = a.sink and s.partition_id = a.partition_id
                                  and s.next_offset > a.source_offset)
             order by partition_id, source_offset limit 1000""";
    private static final String REMOVE =
            "delete from sluice.set_aside where sink = ? and partition_id = ? and source_offset = ?";
    private static final String FORGET = "delete from sluice.set_aside where sink = ?";

    /** A record that is to be settled once its target refuses it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SetAside(String partition, long offset, @Nullable String actor, String reason, Instant at) {}

    private final JdbcClient jdbc;

    SetAsideStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(PartitionKey key, long offset, Replays.By by) {
        jdbc.sql(ADD)
                .params(Arrays.asList(
                        key.sink(), key.partition(), offset, by.caller().actor(), by.reason()))
                .update();
    }

    /** Returns the first 1,000 of a sink. */
    List<SetAside> list(String sink) {
        return jdbc.sql(LIST)
                .param(sink)
                .query((row, number) -> new SetAside(
                        row.getString("partition_id"),
                        row.getLong("source_offset"),
                        row.getString("actor"),
                        row.getString("reason"),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Takes one back; false if there is none. */
    boolean remove(PartitionKey key, long offset) {
        return jdbc.sql(REMOVE).params(key.sink(), key.partition(), offset).update() == 1;
    }

    void forget(String sink) {
        jdbc.sql(FORGET).param(sink).update();
    }
}

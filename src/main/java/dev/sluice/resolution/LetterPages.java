package dev.sluice.resolution;

import dev.sluice.snapshot.PartitionKey;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads dead letters. */
@Repository
class LetterPages {

    private static final String COLUMNS = """
            select sink, partition_id, source_offset, state, code, field, message, hint, octet_length(data) as bytes,
                   refused_at, fencing_token, revision, tries, last_message, changed_by, changed_at, reason, trace_id""";
    private static final String FROM = " from sluice.dead_letter where ";
    private static final String PAGE =
            " and (partition_id, source_offset) >= (?, ?) order by partition_id, source_offset limit ?";
    private static final String ONE =
            COLUMNS + ", data, edited" + FROM + "sink = ? and partition_id = ? and source_offset = ?";
    private static final String GROUPS = """
            select code, field, count(*) as count, count(distinct partition_id) as partitions,
                   (array_agg(message order by refused_at, partition_id, source_offset))[1] as message,
                   min(refused_at) as first, max(refused_at) as last""";
    private static final String BY_CAUSE = " group by code, field order by count(*) desc, code, field limit 1000";

    /** Where a page begins. */
    record Place(String partition, long offset) {

        /** Before all dead letters. */
        static final Place FIRST = new Place("", 0);

        @Override
        public String toString() {
            return partition + "/" + offset;
        }
    }

    private final JdbcClient jdbc;

    LetterPages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the first dead letters at or behind a place, by partition and offset. */
    List<DeadLetter> list(String sink, LetterFilter filter, Place from, int limit) {
        return jdbc.sql(COLUMNS + FROM + filter.where() + PAGE)
                .params(paged(sink, filter, from, limit))
                .query((row, number) -> letter(row, null, null))
                .list();
    }

    /** The same with the records. */
    List<DeadLetter> listWhole(String sink, LetterFilter filter, Place from, int limit) {
        return jdbc.sql(COLUMNS + ", data, edited" + FROM + filter.where() + PAGE)
                .params(paged(sink, filter, from, limit))
                .query((row, number) -> whole(row))
                .list();
    }

    private static List<Object> paged(String sink, LetterFilter filter, Place from, int limit) {
        List<Object> parameters = new ArrayList<>(filter.parameters(sink));
        parameters.addAll(List.of(from.partition(), from.offset(), limit));
        return parameters;
    }

    Optional<DeadLetter> find(PartitionKey key, long offset) {
        return jdbc.sql(ONE)
                .params(key.sink(), key.partition(), offset)
                .query((row, number) -> whole(row))
                .optional();
    }

    List<LetterGroup> groups(String sink, LetterFilter filter) {
        return jdbc.sql(GROUPS + FROM + filter.where() + BY_CAUSE)
                .params(filter.parameters(sink))
                .query((row, number) -> new LetterGroup(
                        row.getString("code"),
                        row.getString("field"),
                        row.getLong("count"),
                        row.getLong("partitions"),
                        row.getString("message"),
                        time(row, "first"),
                        time(row, "last")))
                .list();
    }

    long count(String sink, LetterFilter filter) {
        return jdbc.sql("select count(*)" + FROM + filter.where())
                .params(filter.parameters(sink))
                .query(Long.class)
                .single();
    }

    /** Returns the partitions in which some are open. */
    Set<String> partitions(String sink) {
        return Set.copyOf(jdbc.sql("select distinct partition_id" + FROM + LetterFilter.OPEN.where())
                .params(LetterFilter.OPEN.parameters(sink))
                .query(String.class)
                .list());
    }

    private static DeadLetter whole(ResultSet row) throws SQLException {
        return letter(row, text(row.getBytes("data")), text(row.getBytes("edited")));
    }

    private static @Nullable String text(byte @Nullable [] json) {
        return json == null ? null : new String(json, StandardCharsets.UTF_8);
    }

    private static DeadLetter letter(ResultSet row, @Nullable String record, @Nullable String edited)
            throws SQLException {
        OffsetDateTime changed = row.getObject("changed_at", OffsetDateTime.class);
        return new DeadLetter(
                row.getString("sink"),
                row.getString("partition_id"),
                row.getLong("source_offset"),
                row.getString("state"),
                row.getString("code"),
                row.getString("field"),
                row.getString("message"),
                row.getString("hint"),
                row.getLong("bytes"),
                time(row, "refused_at"),
                row.getLong("fencing_token"),
                row.getInt("revision"),
                row.getInt("tries"),
                row.getString("last_message"),
                row.getString("changed_by"),
                changed == null ? null : changed.toInstant(),
                row.getString("reason"),
                row.getString("trace_id"),
                record,
                edited);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

package dev.sluice.resolution;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** Changes dead letters, each under the lock of its partition's snapshot row. */
@Repository
class LetterRows {

    private static final String CHOSEN = """
            with chosen as (
                select partition_id as p, source_offset as o, state as was from sluice.dead_letter
                 where %s and source_offset >= ? and source_offset < ? and revision = coalesce(?, revision)
                   and not (source_offset = any (?::bigint[]))
                 order by source_offset limit ? for update)
            update sluice.dead_letter
               set revision = case when state = 'sending' and ? = 'sending' then revision else revision + 1 end,
                   state = ?, changed_by = ?, changed_at = now(), reason = ?
              from chosen
             where sink = ? and partition_id = p and source_offset = o
            returning source_offset, coalesce(edited, data) as data, revision, was""";
    private static final String SENT = """
            update sluice.dead_letter set state = ?, changed_at = now()
             where sink = ? and partition_id = ? and source_offset = ? and state = 'sending'""";
    private static final String REFUSED = """
            update sluice.dead_letter set tries = tries + 1, last_message = ?
             where sink = ? and partition_id = ? and source_offset = ? and state = 'open'""";
    private static final String EDIT = """
            update sluice.dead_letter set edited = ?, revision = revision + 1, changed_by = ?, changed_at = now(), reason = ?
             where sink = ? and partition_id = ? and source_offset = ? and state = 'open' and revision = ?""";
    private static final String NEXT_PARTITION = """
            select min(partition_id) from sluice.dead_letter where %s and partition_id > ?""";
    private static final String FORGET = "delete from sluice.dead_letter where sink = ?";
    private static final String FORGET_GONE = "delete from sluice.dead_letter_gone where sink = ?";
    private static final String PRUNABLE = """
            select sink, partition_id, source_offset from sluice.dead_letter
             where state in ('replayed', 'discarded') and changed_at < now() - ?::interval limit ?""";
    /* One statement, so that a letter is always one or the other. */
    private static final String PRUNE = """
            with pruned as (
                delete from sluice.dead_letter
                 where sink = ? and partition_id = ? and source_offset = any (?::bigint[])
                   and state in ('replayed', 'discarded')
                returning sink, partition_id, source_offset, state, edited)
            insert into sluice.dead_letter_gone (sink, partition_id, source_offset, discarded)
            select sink, partition_id, source_offset, state = 'discarded' from pruned
             where state = 'discarded' or edited is not null""";

    /**
     * Which open dead letters of a partition are to change.
     *
     * @param from only those at or above this offset
     * @param end only those below this one
     * @param revision only one that has it; null for any
     * @param without offsets that are left out
     */
    record Choice(
            LetterFilter filter,
            long from,
            long end,
            @Nullable Integer revision,
            Collection<Long> without,
            int limit) {}

    /**
     * A dead letter whose state has changed.
     *
     * @param record what is to be written
     * @param revision of now
     * @param again whether it was on its way already
     */
    record Chosen(SinkRecord record, int revision, boolean again) {}

    private final JdbcClient jdbc;

    LetterRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Changes the state of those that are open and chosen; returns what they would be written as, by offset. */
    List<SinkRecord> close(PartitionKey key, Choice choice, LetterState state, @Nullable String by, String reason) {
        return change(key, choice, state, by, reason).stream()
                .map(Chosen::record)
                .toList();
    }

    /** Has the first of those that are chosen be on its way, if it is not yet. */
    Optional<Chosen> send(PartitionKey key, Choice choice, @Nullable String by, String reason) {
        Choice first = new Choice(choice.filter(), choice.from(), choice.end(), choice.revision(), choice.without(), 1);
        return change(key, first, LetterState.SENDING, by, reason).stream().findFirst();
    }

    /** Changes the state of one that is on its way. */
    void sent(PartitionKey key, long offset, LetterState state) {
        jdbc.sql(SENT).params(state.text(), key.sink(), key.partition(), offset).update();
    }

    private List<Chosen> change(
            PartitionKey key, Choice choice, LetterState state, @Nullable String by, String reason) {
        LetterFilter filter = choice.filter();
        LetterFilter open = new LetterFilter(LetterState.OPEN, key.partition(), filter.code(), filter.field());
        List<@Nullable Object> parameters = new ArrayList<>(open.parameters(key.sink()));
        parameters.addAll(Arrays.asList(
                choice.from(),
                choice.end(),
                choice.revision(),
                new SqlArrayValue("bigint", choice.without().toArray()),
                choice.limit(),
                state.text(),
                state.text(),
                by,
                reason,
                key.sink()));
        return jdbc
                // Of one on its way nobody knows whether the target has it: only sending it again can tell.
                .sql(CHOSEN.formatted(open.where() + (state == LetterState.SENDING ? "" : " and state = 'open'")))
                .params(parameters)
                .query((row, number) -> new Chosen(
                        new SinkRecord(row.getLong("source_offset"), row.getBytes("data")),
                        row.getInt("revision"),
                        row.getString("was").equals(LetterState.SENDING.text())))
                .list()
                .stream()
                .sorted(Comparator.comparingLong(chosen -> chosen.record().offset()))
                .toList();
    }

    /** Keeps why dead letters were refused once more. */
    void refused(PartitionKey key, List<RejectedRecord> refused) {
        refused.forEach(record -> jdbc.sql(REFUSED)
                .params(record.code() + ": " + record.message(), key.sink(), key.partition(), record.offset())
                .update());
    }

    /** Keeps what is to be replayed in a dead letter's place; false if it is not open at that revision. */
    boolean edit(
            PartitionKey key, long offset, int revision, byte[] record, @Nullable String by, @Nullable String why) {
        return jdbc.sql(EDIT)
                        .params(Arrays.asList(record, by, why, key.sink(), key.partition(), offset, revision))
                        .update()
                == 1;
    }

    /** Returns the first partition behind {@code partition} that has such dead letters. */
    Optional<String> nextPartition(String sink, LetterFilter filter, String partition) {
        List<Object> parameters = new ArrayList<>(filter.parameters(sink));
        parameters.add(partition);
        return Optional.ofNullable(jdbc.sql(NEXT_PARTITION.formatted(filter.where()))
                .params(parameters)
                .query(String.class)
                .optional()
                .orElse(null));
    }

    /** Removes all of a sink that is deleted. */
    void forget(String sink) {
        jdbc.sql(FORGET).param(sink).update();
        jdbc.sql(FORGET_GONE).param(sink).update();
    }

    /**
     * Removes at most {@code limit} that were replayed or discarded longer than {@code age} ago, but for what balances
     * need of them; returns how many there were.
     */
    int prune(Duration age, int limit) {
        Map<PartitionKey, List<Long>> prunable = new LinkedHashMap<>();
        jdbc.sql(PRUNABLE).params(age.toString(), limit).query((ResultSet row) -> {
            prunable.computeIfAbsent(
                            new PartitionKey(row.getString("sink"), row.getString("partition_id")),
                            key -> new ArrayList<>())
                    .add(row.getLong("source_offset"));
        });
        prunable.forEach((key, offsets) -> jdbc.sql(PRUNE)
                .params(key.sink(), key.partition(), new SqlArrayValue("bigint", offsets.toArray()))
                .update());
        return prunable.values().stream().mapToInt(List::size).sum();
    }
}

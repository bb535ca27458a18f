package dev.sluice.resolution;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.PartitionKey;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** Changes dead letters, each under the lock of its partition's snapshot row. */
@Repository
class LetterRows {

    /* Then changed by the range that they are in: joined to the rows again, they had the server read the whole table. */
    private static final String CHOSEN = """
            select source_offset, data, revision, state
              from (select source_offset, data, revision, state, row_number() over (order by source_offset) as nth,
                           sum(octet_length(data)) over (order by source_offset) as up_to
                      from (select source_offset, coalesce(edited, data) as data, revision, state
                              from sluice.dead_letter
                             where %s
                             order by source_offset limit ?) few) counted
             where nth = 1 or up_to <= 8388608
             order by source_offset""";
    private static final String CHANGE = """
            update sluice.dead_letter
               set revision = case when state = 'sending' and ? = 'sending' then revision else revision + 1 end,
                   state = ?, sender = ?, changed_by = ?, changed_at = now(), reason = ?
             where %s and source_offset <= ?""";
    private static final String SENT = """
            update sluice.dead_letter set state = ?, sender = null, changed_at = now()
             where sink = ? and partition_id = ? and source_offset = ? and state = 'sending' and sender = ?""";
    /* Whoever is gone does not send any more. */
    private static final String FREE =
            " and (state = 'open' or sender is null or not exists (select from sluice.replica r"
                    + " where sender like r.id || ' %' and r.alive_until > clock_timestamp()))";
    private static final String LET_GO = """
            update sluice.dead_letter set sender = null
             where sink = ? and partition_id = ? and state = 'sending' and sender = ?""";
    private static final String REFUSED = """
            update sluice.dead_letter set tries = tries + 1, last_message = ?
             where sink = ? and partition_id = ? and source_offset = ? and state = 'open'""";
    private static final String EDIT = """
            update sluice.dead_letter set edited = ?, revision = revision + 1, changed_by = ?, changed_at = now(), reason = ?
             where sink = ? and partition_id = ? and source_offset = ? and state = 'open' and revision = ?
               and refused_at = ?""";
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
     * @param until only those that were refused by then; null for any
     * @param without offsets that are left out
     */
    record Choice(
            LetterFilter filter,
            long from,
            long end,
            @Nullable Integer revision,
            @Nullable Instant until,
            Collection<Long> without,
            int limit) {}

    /**
     * A dead letter whose state has changed.
     *
     * @param record what is to be written
     * @param revision of now
     * @param again whether it was on its way already
     * @param sender who sends it, null where it is written
     */
    record Chosen(
            SinkRecord record,
            int revision,
            boolean again,
            @Nullable String sender) {}

    private final JdbcClient jdbc;
    private final Claims claims;

    LetterRows(JdbcClient jdbc, Claims claims) {
        this.jdbc = jdbc;
        this.claims = claims;
    }

    /** Returns a name by which this process sends one dead letter, once. */
    String newSender() {
        return claims.replica() + " " + UUID.randomUUID();
    }

    /** Changes the state of those that are open and chosen; returns what they would be written as, by offset. */
    List<SinkRecord> close(PartitionKey key, Choice choice, LetterState state, @Nullable String by, String reason) {
        return records(change(key, choice, state, null, by, reason));
    }

    /** Returns what those that are open and chosen would be written as, by offset. */
    List<SinkRecord> find(PartitionKey key, Choice choice) {
        return records(find(Conditions.of(key, choice, null), choice, LetterState.OPEN, null));
    }

    private static List<SinkRecord> records(List<Chosen> chosen) {
        return chosen.stream().map(Chosen::record).toList();
    }

    /** Has the first of those that are chosen be on its way, if it is not yet. */
    Optional<Chosen> send(PartitionKey key, Choice choice, String sender, @Nullable String by, String reason) {
        Choice first = new Choice(
                choice.filter(), choice.from(), choice.end(), choice.revision(), choice.until(), choice.without(), 1);
        return change(key, first, LetterState.SENDING, sender, by, reason).stream()
                .findFirst();
    }

    /** Changes the state of one that is on its way, once its sender knows what became of it; nobody else may. */
    void sent(PartitionKey key, Chosen letter, LetterState state) {
        int rows = jdbc.sql(SENT)
                .params(
                        state.text(),
                        key.sink(),
                        key.partition(),
                        letter.record().offset(),
                        Objects.requireNonNull(letter.sender()))
                .update();
        if (rows == 0) {
            throw new OptimisticLockingFailureException("the dead letter at offset "
                    + letter.record().offset() + " of " + key + " was sent by somebody else meanwhile");
        }
    }

    /** Has nobody send what this one was sending: whoever comes next sends the same again. */
    int letGo(PartitionKey key, String sender) {
        return jdbc.sql(LET_GO).params(key.sink(), key.partition(), sender).update();
    }

    private List<Chosen> change(
            PartitionKey key,
            Choice choice,
            LetterState state,
            @Nullable String sender,
            @Nullable String by,
            String reason) {
        Conditions conditions = Conditions.of(key, choice, sender);
        List<Chosen> chosen = find(conditions, choice, state, sender);
        if (chosen.isEmpty()) {
            return chosen;
        }
        List<@Nullable Object> parameters =
                new ArrayList<>(Arrays.asList(state.text(), state.text(), sender, by, reason));
        parameters.addAll(conditions.parameters());
        parameters.add(chosen.get(chosen.size() - 1).record().offset());
        int rows =
                jdbc.sql(CHANGE.formatted(conditions.sql())).params(parameters).update();
        if (rows != chosen.size()) {
            throw new OptimisticLockingFailureException("of " + chosen.size() + " dead letters of " + key + ", " + rows
                    + " were still as they had been a moment before: they were changed without the lock of the"
                    + " partition");
        }
        return chosen;
    }

    private List<Chosen> find(Conditions conditions, Choice choice, LetterState state, @Nullable String sender) {
        List<Object> parameters = new ArrayList<>(conditions.parameters());
        parameters.add(choice.limit());
        return jdbc.sql(CHOSEN.formatted(conditions.sql()))
                .params(parameters)
                .query((row, number) -> {
                    boolean sending = row.getString("state").equals(LetterState.SENDING.text());
                    boolean again = sending && state == LetterState.SENDING;
                    return new Chosen(
                            new SinkRecord(row.getLong("source_offset"), row.getBytes("data")),
                            row.getInt("revision") + (again ? 0 : 1),
                            sending,
                            sender);
                })
                .list();
    }

    /** What the rows of a choice have in common, to stand behind {@code where}. */
    private record Conditions(String sql, List<Object> parameters) {

        /* Of one on its way nobody knows whether the target has it: only sending it again can tell, one at a time. */
        static Conditions of(PartitionKey key, Choice choice, @Nullable String sender) {
            LetterFilter filter = choice.filter();
            LetterFilter open = new LetterFilter(LetterState.OPEN, key.partition(), filter.code(), filter.field());
            List<Object> parameters = new ArrayList<>(open.parameters(key.sink()));
            StringBuilder sql = new StringBuilder(open.where() + (sender == null ? " and state = 'open'" : FREE));
            // Only what is asked for: of a condition that is always true the planner expects that it leaves out nearly
            // all.
            if (choice.revision() != null) {
                sql.append(" and revision = ?");
                parameters.add(choice.revision());
            }
            if (choice.until() != null) {
                sql.append(" and refused_at <= ?");
                parameters.add(choice.until().atOffset(ZoneOffset.UTC));
            }
            if (!choice.without().isEmpty()) {
                sql.append(" and not (source_offset = any (?::bigint[]))");
                parameters.add(new SqlArrayValue("bigint", choice.without().toArray()));
            }
            sql.append(" and source_offset >= ? and source_offset < ?");
            parameters.add(choice.from());
            parameters.add(choice.end());
            return new Conditions(sql.toString(), parameters);
        }
    }

    /** Keeps why dead letters were refused once more. */
    void refused(PartitionKey key, List<RejectedRecord> refused) {
        refused.forEach(record -> jdbc.sql(REFUSED)
                .params(record.code() + ": " + record.message(), key.sink(), key.partition(), record.offset())
                .update());
    }

    /** Keeps what is to be replayed in a dead letter's place; false if it is not open any more as it was looked at. */
    boolean edit(PartitionKey key, DeadLetter seen, byte[] record, @Nullable String by, @Nullable String why) {
        return jdbc.sql(EDIT)
                        .params(Arrays.asList(
                                record,
                                by,
                                why,
                                key.sink(),
                                key.partition(),
                                seen.offset(),
                                seen.revision(),
                                seen.refusedAt().atOffset(ZoneOffset.UTC)))
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

package dev.sluice.deadletter;

import dev.sluice.deadletter.NewDeadLetters.Letter;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.snapshot.PartitionKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** The rows of dead letters, as far as writing a batch needs them: in the transaction that settles its other records. */
@Repository
public class DeadLetterStore {

    private static final int MOST_CHARACTERS = 1_000;

    private static final String ADD = """
            insert into sluice.dead_letter (sink, partition_id, source_offset, data, hash, code, field, message, hint,
                                            fencing_token, record_number, trace_id)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    /* One after the other, so that two do not take the same place. */
    private static final String ALONE = "select 1 from pg_advisory_xact_lock(hashtextextended(?, 7283))";
    private static final String OPEN =
            "select count(*) from sluice.dead_letter where sink = ? and state in ('open', 'sending')";
    private static final String LATEST = """
            select count(*) from sluice.dead_letter
             where sink = ? and partition_id = ? and source_offset >= ? and record_number > ?""";
    private static final String COUNT_FROM = """
            select count(*) from sluice.dead_letter where sink = ? and partition_id = ? and source_offset >= ?""";
    private static final String REMOVE_FROM = """
            delete from sluice.dead_letter where sink = ? and partition_id = ? and source_offset >= ?""";

    /* After the letters: whoever prunes one of them now has to end first, and what is left of it is seen then. */
    private static final String REMOVE_GONE =
            "delete from sluice.dead_letter_gone where sink = ? and partition_id = ? and source_offset >= ?";

    private static final String SET_ASIDE = """
            select source_offset from sluice.set_aside
             where sink = ? and partition_id = ? and source_offset >= ? and source_offset < ?""";
    private static final String SETTLED = """
            with done as (
                delete from sluice.set_aside where sink = ? and partition_id = ? and source_offset = any (?::bigint[])
                returning source_offset, actor, reason)
            update sluice.dead_letter d set changed_by = done.actor, changed_at = now(), reason = done.reason
              from done
             where d.sink = ? and d.partition_id = ? and d.source_offset = done.source_offset""";

    private final JdbcClient jdbc;

    DeadLetterStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Keeps dead letters, last of all that a transaction writes before it advances the partitions.
     *
     * @throws DeadLetterLimitException if there would be more than the policy allows
     */
    public void settle(String sink, DeadLetterPolicy policy, List<NewDeadLetters> batches) {
        if (!policy.equals(DeadLetterPolicy.SET_ASIDE)) {
            jdbc.sql(ALONE).param(sink).query(Integer.class).single();
            require(sink, policy, batches);
        }
        record(sink, batches);
    }

    /**
     * Fails if these would be more dead letters than the policy allows.
     *
     * @throws DeadLetterLimitException with the bound
     */
    public void require(String sink, DeadLetterPolicy policy, List<NewDeadLetters> batches) {
        long open = jdbc.sql(OPEN).param(sink).query(Long.class).single();
        for (NewDeadLetters batch : batches) {
            int more = batch.letters().size();
            if (open + more > policy.maxOpen()) {
                throw new DeadLetterLimitException(
                        "dead-letters.max-open=" + policy.maxOpen() + ": " + open + " of the sink are open, and there"
                                + " would be " + more + " more. Replay or discard some, or raise the bound",
                        batch);
            }
            open += more;
            requireFew(sink, policy, batch);
        }
    }

    private void requireFew(String sink, DeadLetterPolicy policy, NewDeadLetters batch) {
        long latest = Math.min(policy.latest(batch.records()), batch.settled());
        long before = jdbc.sql(LATEST)
                .params(sink, batch.partition(), batch.countedFrom(), batch.settled() - latest)
                .query(Long.class)
                .single();
        long dead = before + batch.letters().size();
        long allowed = policy.allowedOf(latest);
        if (dead > allowed) {
            throw new DeadLetterLimitException(
                    "dead-letters.max-share=" + policy.maxShare() + " %: " + dead + " of the latest " + latest
                            + " records of partition " + batch.partition() + " would be dead letters, and " + allowed
                            + " may be. So many have one cause: look at the table's columns and the writer's format",
                    batch);
        }
    }

    /** Keeps dead letters, however many there are: those of records that have been sent around already. */
    public void record(String sink, List<NewDeadLetters> batches) {
        for (NewDeadLetters batch : batches) {
            for (Letter letter : batch.letters()) {
                RejectedRecord why = letter.why();
                jdbc.sql(ADD)
                        .params(Arrays.asList(
                                sink,
                                batch.partition(),
                                letter.record().offset(),
                                letter.record().toByteArray(),
                                letter.hash(),
                                shortened(why.code()),
                                shortened(why.field()),
                                shortened(why.message()),
                                shortened(why.hint()),
                                batch.fencingToken(),
                                letter.number(),
                                batch.traceId()))
                        .update();
            }
        }
    }

    private static @Nullable String shortened(@Nullable String text) {
        if (text == null) {
            return null;
        }
        // Half a character, or U+0000, would be refused in its turn.
        return new String(
                (text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…")
                        .replace('\0', '\uFFFD')
                        .getBytes(StandardCharsets.UTF_8),
                StandardCharsets.UTF_8);
    }

    /** Returns the offsets of {@code [from, end)} that an operator wants settled if they are refused. */
    public Set<Long> setAside(PartitionKey key, long from, long end) {
        return Set.copyOf(jdbc.sql(SET_ASIDE)
                .params(key.sink(), key.partition(), from, end)
                .query(Long.class)
                .list());
    }

    /** Keeps with dead letters who wanted them settled, if somebody did; part of the transaction that settles them. */
    public void settled(PartitionKey key, Collection<Long> offsets) {
        jdbc.sql(SETTLED)
                .params(
                        key.sink(),
                        key.partition(),
                        new SqlArrayValue("bigint", offsets.toArray()),
                        key.sink(),
                        key.partition())
                .update();
    }

    /** Returns how many there are at and above {@code offset}, whatever has become of them. */
    public long countFrom(PartitionKey key, long offset) {
        return jdbc.sql(COUNT_FROM)
                .params(key.sink(), key.partition(), offset)
                .query(Long.class)
                .single();
    }

    /** Forgets those at and above {@code offset}, whatever has become of them: their records are written again. */
    public void removeFrom(PartitionKey key, long offset) {
        jdbc.sql(REMOVE_FROM).params(key.sink(), key.partition(), offset).update();
        jdbc.sql(REMOVE_GONE).params(key.sink(), key.partition(), offset).update();
    }
}

package dev.sluice.snapshot;

import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.sink.Engine;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.TransactionException;

/**
 * Which process is bringing a partition's records to a target while it holds no lock.
 *
 * <p>A claim keeps other processes from doing the same at the same time; it protects nothing: what keeps records from
 * being lost or doubled are the snapshot's version and the target's own position. It ends with its process: by a sign
 * of life in the database, judged by the database's clock, so that one that is killed or stopped is replaced after
 * {@value #SECONDS_TO_LIVE} seconds. All but {@link #beat} are called under the lock of the partition's snapshot row.
 */
@Repository
public class Claims implements SmartInitializingSingleton, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Claims.class);
    private static final int SECONDS_TO_LIVE = 5;
    /* A sign of life that is lost with the server says nothing wrong: it waits for no disk and no standby. */
    private static final String BEAT = """
            insert into sluice.replica (id, alive_until)
            select ?, clock_timestamp() + ?::interval from (select set_config('synchronous_commit', 'off', true)) quick
            on conflict (id) do update set alive_until = excluded.alive_until""";
    private static final String BEAT_AND_TELL = """
            insert into sluice.replica (id, alive_until, counters)
            select ?, clock_timestamp() + ?::interval, ?::json
              from (select set_config('synchronous_commit', 'off', true)) quick
            on conflict (id) do update set alive_until = excluded.alive_until, counters = excluded.counters""";
    private static final String BURY = "delete from sluice.replica where alive_until < now() - interval '1 hour'";
    private static final String LEAVE = "delete from sluice.replica where id = ?";
    private static final String HELD_ELSEWHERE = """
            select exists (
                select from sluice.claim c join sluice.replica r on r.id = c.replica
                 where c.sink = ? and c.partition_id = ? and c.replica <> ? and r.alive_until > clock_timestamp())""";
    private static final String HELD_HERE = """
            select exists (select from sluice.claim where sink = ? and partition_id = ? and replica = ?)""";
    private static final String HELD_HERE_SOME =
            "select partition_id from sluice.claim where sink = ? and partition_id = any (?::text[]) and replica = ?";
    private static final String TAKE = """
            insert into sluice.claim (sink, partition_id, replica) values (?, ?, ?)
            on conflict (sink, partition_id) do update set replica = excluded.replica""";
    /* Under the locks of the snapshot rows, so that nobody else claims at the same time. */
    private static final String TAKE_FREE = """
            insert into sluice.claim (sink, partition_id, replica) select ?, unnest(?::text[]), ?
            on conflict (sink, partition_id) do update set replica = excluded.replica
             where claim.replica = excluded.replica
                or not exists (select from sluice.replica r
                                where r.id = claim.replica and r.alive_until > clock_timestamp())
            returning partition_id""";
    private static final String RELEASE_SOME =
            "delete from sluice.claim where sink = ? and partition_id = any (?::text[]) and replica = ?";
    private static final String RELEASE =
            "delete from sluice.claim where sink = ? and partition_id = ? and replica = ?";
    private static final String FORGET = "delete from sluice.claim where sink = ?";

    private final String replica = UUID.randomUUID().toString();
    private final JdbcClient jdbc;
    private final Engine engine;
    private final ObjectProvider<ReplicaReport> report;

    /* Of the one thread that gives signs of life. */
    private int missed;

    Claims(JdbcClient jdbc, Engine engine, ObjectProvider<ReplicaReport> report) {
        this.jdbc = jdbc;
        this.engine = engine;
        this.report = report;
    }

    @Override
    public void afterSingletonsInstantiated() {
        beat();
    }

    /** Gives a sign of life. */
    @Scheduled(fixedDelay = 1000, initialDelay = 1000)
    void beat() {
        try {
            String told = report.stream().findFirst().map(ReplicaReport::due).orElse(null);
            String lasts = Duration.ofSeconds(SECONDS_TO_LIVE).toString();
            if (told == null) {
                jdbc.sql(BEAT).params(replica, lasts).update();
            } else {
                jdbc.sql(BEAT_AND_TELL).params(replica, lasts, told).update();
            }
            if (missed >= SECONDS_TO_LIVE) {
                log.info("Signs of life are given again");
            }
            missed = 0;
        } catch (DataAccessException | TransactionException e) {
            if (++missed == SECONDS_TO_LIVE) {
                log.warn(
                        "No sign of life could be given {} times in a row, so that other replicas take this process for"
                                + " dead: {}",
                        missed,
                        DatabaseFailure.describe(e));
            }
        }
    }

    /** Whether another living process has claimed the partition. */
    public boolean heldElsewhere(PartitionKey key) {
        return jdbc.sql(HELD_ELSEWHERE)
                .params(key.sink(), key.partition(), replica)
                .query(Boolean.class)
                .single();
    }

    /** Claims the partition for this process; part of the transaction that decides what is to be done. */
    public void take(PartitionKey key) {
        jdbc.sql(TAKE).params(key.sink(), key.partition(), replica).update();
    }

    /** Claims the partitions that no other living process has claimed, and returns them. */
    public Set<String> takeFree(String sink, List<String> partitions) {
        if (engine.joint()) {
            return Set.copyOf(jdbc.sql(TAKE_FREE)
                    .params(sink, new SqlArrayValue("text", partitions.toArray()), replica)
                    .query(String.class)
                    .list());
        }
        Set<String> taken = new HashSet<>();
        for (String partition : partitions) {
            PartitionKey key = new PartitionKey(sink, partition);
            if (!heldElsewhere(key)) {
                take(key);
                taken.add(partition);
            }
        }
        return taken;
    }

    /** Returns by what name this process claims. */
    public String replica() {
        return replica;
    }

    /** Whether the partition is still claimed by this process. */
    public boolean heldHere(PartitionKey key) {
        return jdbc.sql(HELD_HERE)
                .params(key.sink(), key.partition(), replica)
                .query(Boolean.class)
                .single();
    }

    /** Returns which of the partitions are still claimed by this process. */
    public Set<String> heldHere(String sink, List<String> partitions) {
        return Set.copyOf(jdbc.sql(HELD_HERE_SOME)
                .params(sink, new SqlArrayValue("text", partitions.toArray()), replica)
                .query(String.class)
                .list());
    }

    /** Gives the claim back, if it is still this process's. */
    public void release(PartitionKey key) {
        jdbc.sql(RELEASE).params(key.sink(), key.partition(), replica).update();
    }

    /** Gives the claims on partitions back, those that are still this process's. */
    public void release(String sink, List<String> partitions) {
        if (engine.joint()) {
            jdbc.sql(RELEASE_SOME)
                    .params(sink, new SqlArrayValue("text", partitions.toArray()), replica)
                    .update();
        } else {
            partitions.forEach(partition -> release(new PartitionKey(sink, partition)));
        }
    }

    /** Forgets all claims on a sink. */
    public void forget(String sink) {
        jdbc.sql(FORGET).param(sink).update();
    }

    /** Removes what dead processes have left. */
    @Scheduled(fixedDelay = 3_600_000, initialDelay = 60_000)
    void bury() {
        try {
            jdbc.sql(BURY).update();
        } catch (DataAccessException | TransactionException e) {
            log.debug("The dead could not be buried; trying again in an hour", e);
        }
    }

    @Override
    public void destroy() {
        try {
            jdbc.sql(LEAVE).param(replica).update();
        } catch (DataAccessException | TransactionException e) {
            log.debug("The sign of life could not be taken back; it ends by itself", e);
        }
    }
}

package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.commit.Lanes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a group of a table sink begins beside another one that is under way. */
class GroupSizesIT {

    private static final List<String> HELD =
            IntStream.range(0, 8).mapToObj(i -> "held" + i).toList();
    private static final List<String> LATER =
            IntStream.range(0, 8).mapToObj(i -> "later" + i).toList();

    private static InProcess start(String recheck) {
        InProcess service = InProcess.start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=first,second," + String.join(",", HELD) + "," + String.join(",", LATER),
                "sluice.lanes.joint-groups=2",
                "sluice.lanes.recheck=" + recheck);
        service.execute("create unique index on events ((data ->> 'key'))");
        return service;
    }

    /** Sees to it that whoever writes a record with this key waits until the connection is closed. */
    private static Connection hold(InProcess service, String key) throws SQLException {
        Connection holder = service.database().connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("insert into events (partition_id, source_offset, data) values ('of " + key + "', 0, '"
                    + record(key) + "')");
        }
        return holder;
    }

    private static String record(String key) {
        return "{\"key\":\"" + key + "\"}";
    }

    private static CompletableFuture<Answer> send(InProcess service, String partition, String key) {
        return service.client()
                .postAsync(Client.partition("events", partition), Client.JSON, Client.dense(0, record(key)));
    }

    private static long waiting(InProcess service) {
        return service.bean(Lanes.class).waiting();
    }

    private static void awaitHeld(InProcess service, int groups) {
        await().until(() -> service.waitingForLocks().size() == groups);
    }

    /** Returns what waits for the answers of one group of all of {@link #HELD}, the only one that is under way then. */
    private static List<CompletableFuture<Answer>> oneGroup(InProcess service) throws SQLException {
        CompletableFuture<Answer> first;
        CompletableFuture<Answer> second;
        List<CompletableFuture<Answer>> held;
        try (Connection untilAllWait = hold(service, "first")) {
            try (Connection untilAllAreQueued = hold(service, "second")) {
                first = send(service, "first", "first");
                awaitHeld(service, 1);
                second = send(service, "second", "second");
                awaitHeld(service, 2);
                held = HELD.stream()
                        .map(partition -> send(service, partition, partition))
                        .toList();
                await().until(() -> waiting(service) == HELD.size());
                untilAllAreQueued.rollback();
            }
            second.join().isWritten("committed");
            await().until(() -> waiting(service) == 0);
            awaitHeld(service, 2);
            untilAllWait.rollback();
        }
        first.join().isWritten("committed");
        return held;
    }

    @Test
    void waitsUntilItIsAsLarge() throws SQLException {
        try (InProcess service = start("1h");
                Connection holder = hold(service, HELD.get(0))) {
            List<CompletableFuture<Answer>> held = oneGroup(service);
            int all = LATER.size();
            List<CompletableFuture<Answer>> fewer = LATER.subList(0, all - 1).stream()
                    .map(partition -> send(service, partition, partition))
                    .toList();
            await().until(() -> waiting(service) == all - 1);
            assertThat(fewer).noneMatch(CompletableFuture::isDone);
            String last = LATER.get(all - 1);
            send(service, last, last).join().isWritten("committed");
            fewer.forEach(answer -> answer.join().isWritten("committed"));
            assertThat(service.query("select count(*), count(distinct xmin::text) from events"
                            + " where partition_id like 'later%'"))
                    .containsExactly(all + " 1");
            assertThat(held).noneMatch(CompletableFuture::isDone);
            holder.rollback();
            held.forEach(answer -> answer.join().isWritten("committed"));
        }
    }

    @Test
    void doesNotWaitForOneThatHangs() throws SQLException {
        try (InProcess service = start("50ms");
                Connection holder = hold(service, HELD.get(0))) {
            List<CompletableFuture<Answer>> held = oneGroup(service);
            send(service, LATER.get(0), "alone").join().isWritten("committed");
            assertThat(held).noneMatch(CompletableFuture::isDone);
            holder.rollback();
            held.forEach(answer -> answer.join().isWritten("committed"));
        }
    }
}

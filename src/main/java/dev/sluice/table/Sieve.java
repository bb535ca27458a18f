package dev.sluice.table;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores records but for those that the database refuses. Each statement has a savepoint: what fails is cut at the record
 * that the database names, or in halves, until single records are left, and what has passed stays. One thread.
 */
final class Sieve {

    private static final int MOST_AT_A_TIME = 1_000;
    private static final int LEAST_AT_A_TIME = 16;
    /* Less than what is sent by one statement: a line of another one would name another record. */
    private static final long BYTES_AT_A_TIME = 1 << 20;

    private final Connection connection;
    private final RecordTrial trial;
    private final int most;
    private final List<RejectedRecord> refused = new ArrayList<>();
    /* No more than have passed between refused records: of many, each would have many others sent again. */
    private int size = MOST_AT_A_TIME;
    private long passed = MOST_AT_A_TIME;

    /** Makes one that stores nothing more once {@code most} records are refused. */
    Sieve(Connection connection, RecordTrial trial, int most) {
        this.connection = connection;
        this.trial = trial;
        this.most = most;
    }

    /** Returns what was refused, in the order of the records. */
    List<RejectedRecord> refused() {
        return refused;
    }

    /** Stores records of a partition behind those before them. */
    void store(String partition, List<SinkRecord> items) throws SQLException {
        int from = 0;
        while (from < items.size()) {
            int end = from;
            long bytes = 0;
            do {
                bytes += items.get(end).length();
                end++;
            } while (end < items.size() && end - from < size && bytes < BYTES_AT_A_TIME);
            storeSome(partition, items.subList(from, end));
            from = end;
        }
    }

    private void storeSome(String partition, List<SinkRecord> items) throws SQLException {
        if (items.isEmpty() || refused.size() >= most) {
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            trial.store(partition, items);
            connection.releaseSavepoint(before);
            passed += items.size();
            size = Math.min(MOST_AT_A_TIME, size * 2);
        } catch (SinkException e) {
            // By the columns that there are now.
            int named = indexOf(e, items);
            if (named < 0) {
                throw e;
            }
            goBack(before);
            storeSome(partition, items.subList(0, named));
            refuse(e.rejected());
            store(partition, items.subList(named + 1, items.size()));
        } catch (SQLException e) {
            if (!SqlFailure.blamesRecords(e)) {
                throw e;
            }
            goBack(before);
            if (items.size() == 1) {
                refuse(List.of(SqlFailure.rejection(e, items.get(0).offset())));
            } else {
                divide(partition, items, trial.blamed(e));
            }
        }
    }

    /* A savepoint that is only gone back to stays, and each of them would be within the one before. */
    private void goBack(Savepoint before) throws SQLException {
        connection.rollback(before);
        connection.releaseSavepoint(before);
    }

    /* Nobody is refused by what the database blames alone: it may have read on before it looked. */
    private void divide(String partition, List<SinkRecord> items, int blamed) throws SQLException {
        if (blamed < 0) {
            int half = items.size() / 2;
            storeSome(partition, items.subList(0, half));
            storeSome(partition, items.subList(half, items.size()));
        } else {
            storeSome(partition, items.subList(0, blamed));
            storeSome(partition, items.subList(blamed, blamed + 1));
            store(partition, items.subList(blamed + 1, items.size()));
        }
    }

    private void refuse(List<RejectedRecord> why) {
        if (refused.size() < most) {
            refused.addAll(why);
        }
        size = (int) Math.max(LEAST_AT_A_TIME, Math.min(MOST_AT_A_TIME, passed));
        passed = 0;
    }

    private static int indexOf(SinkException e, List<SinkRecord> items) {
        for (int i = 0; i < items.size() && !e.rejected().isEmpty(); i++) {
            if (items.get(i).offset() == e.rejected().get(0).offset()) {
                return i;
            }
        }
        return -1;
    }
}

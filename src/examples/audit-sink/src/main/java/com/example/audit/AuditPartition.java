package com.example.audit;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One chain. Its fields need no lock: a partition is called by one thread at a time. */
class AuditPartition
        implements StatefulSinkPartition<AuditEntry, AuditState>,
                TransactionalPartition,
                RewindablePartition<AuditState> {

    /* No "on conflict do nothing": a row that is there already is not ours, and has to be told. */
    private static final String INSERT = """
            insert into {table} (sink, partition_id, source_offset, actor, action, at, entry, hash)
            select ?, ?, e.source_offset, e.actor, e.action, e.at::timestamptz, e.entry, e.hash
              from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                as e (source_offset, actor, action, at, entry, hash)""";

    private static final String HEAD = """
            select hash from {table}
             where sink = ? and partition_id = ? and source_offset < ?
             order by source_offset desc limit 1""";

    private static final String COUNT =
            "select count(*) from {table} where sink = ? and partition_id = ? and source_offset < ?";

    private static final String DELETE =
            "delete from {table} where sink = ? and partition_id = ? and source_offset >= ?";

    private final String sink;
    private final String partition;
    private final AuditSettings settings;
    private AuditState state;
    private boolean compared;
    private @Nullable Connection transaction;

    AuditPartition(String sink, String partition, AuditSettings settings, AuditState state) {
        this.sink = sink;
        this.partition = partition;
        this.settings = settings;
        this.state = state;
    }

    @Override
    public void join(Connection transaction) {
        this.transaction = transaction;
    }

    @Override
    public void writeBatch(List<AuditEntry> items) {
        try {
            compareOnce();
            AuditState next = state;
            String[] hashes = new String[items.size()];
            for (int i = 0; i < hashes.length; i++) {
                next = next.after(items.get(i));
                hashes[i] = next.head();
            }
            insert(items, hashes);
            state = next;
        } catch (SQLException e) {
            throw AuditSink.failure(settings, e);
        }
    }

    /* The state is right, or nothing is: where the table says something else, it was changed behind our back. */
    private void compareOnce() throws SQLException {
        if (compared) {
            return;
        }
        String found = head(Long.MAX_VALUE);
        if (!found.equals(state.head())) {
            throw broken("ends with hash " + found + ", but the snapshot, after " + state.entries()
                    + " entries, says " + state.head() + ": somebody has changed rows, or one of the two was restored"
                    + " without the other");
        }
        compared = true;
    }

    private void insert(List<AuditEntry> items, String[] hashes) throws SQLException {
        Connection connection = joined();
        try (PreparedStatement statement = prepare(INSERT)) {
            Object[] offsets = items.stream().map(AuditEntry::offset).toArray();
            statement.setArray(3, connection.createArrayOf("bigint", offsets));
            Object[] actors = items.stream().map(AuditEntry::actor).toArray();
            statement.setArray(4, connection.createArrayOf("text", actors));
            Object[] actions = items.stream().map(AuditEntry::action).toArray();
            statement.setArray(5, connection.createArrayOf("text", actions));
            Object[] times = items.stream().map(item -> item.at().toString()).toArray();
            statement.setArray(6, connection.createArrayOf("text", times));
            Object[] entries = items.stream().map(AuditEntry::json).toArray();
            statement.setArray(7, connection.createArrayOf("text", entries));
            statement.setArray(8, connection.createArrayOf("text", hashes));
            int stored = statement.executeUpdate();
            if (stored != items.size()) {
                throw broken("kept " + stored + " of " + items.size() + " rows: a trigger or rule of it swallows some");
            }
        }
    }

    private SinkException broken(String what) {
        return new SinkException(
                Disposition.BROKEN,
                "the audit table " + settings.table() + " is not what it should be: for partition " + partition + " it "
                        + what,
                null);
    }

    @Override
    public AuditState snapshot() {
        return state;
    }

    @Override
    public void rewind(long nextOffset, @Nullable AuditState resumeState) {
        AuditState target = resumeState == null ? AuditState.START : resumeState;
        try {
            // It comes from the writer. Were it another partition's, the chain would go on from a hash it never had.
            if (!target.head().equals(head(nextOffset)) || target.entries() != count(nextOffset)) {
                throw new IllegalArgumentException("partition " + partition + " never stood at " + target
                        + " with offset " + nextOffset + " as its next; resume with a snapshot of this very partition");
            }
            try (PreparedStatement statement = prepare(DELETE)) {
                statement.setLong(3, nextOffset);
                statement.executeUpdate();
            }
        } catch (SQLException e) {
            throw AuditSink.failure(settings, e);
        }
        state = target;
    }

    private String head(long below) throws SQLException {
        try (PreparedStatement statement = prepare(HEAD)) {
            statement.setLong(3, below);
            ResultSet row = statement.executeQuery();
            return row.next() ? row.getString(1) : AuditState.START.head();
        }
    }

    private long count(long below) throws SQLException {
        try (PreparedStatement statement = prepare(COUNT)) {
            statement.setLong(3, below);
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = joined().prepareStatement(sql.replace("{table}", settings.quotedTable()));
        statement.setString(1, sink);
        statement.setString(2, partition);
        return statement;
    }

    private Connection joined() {
        return Objects.requireNonNull(transaction, "join() comes before any write");
    }
}

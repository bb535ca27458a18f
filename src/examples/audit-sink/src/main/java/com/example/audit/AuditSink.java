package com.example.audit;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SqlStates;
import dev.sluice.sink.StatefulSinkPartition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A table of chains, one for each partition of each sink. */
class AuditSink implements FixedPartitionedSink<AuditEntry, AuditState> {

    private static final String CREATE = """
            create table if not exists {table} (
                sink          text        not null,
                partition_id  text        not null,
                source_offset bigint      not null,
                actor         text        not null,
                action        text        not null,
                at            timestamptz not null,
                entry         text        not null,
                hash          text        not null,
                primary key (sink, partition_id, source_offset)
            )""";

    /* Two replicas that create the same table at once collide in spite of "if not exists". */
    private static final String ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('audit create', 0))";

    private static final String LOOK =
            "select sink, partition_id, source_offset, actor, action, at, entry, hash from {table} limit 0";

    private final List<String> partitions;
    private final AuditSettings settings;
    private final DataSource dataSource;

    AuditSink(List<String> partitions, AuditSettings settings, DataSource dataSource) {
        this.partitions = List.copyOf(partitions);
        this.settings = settings;
        this.dataSource = dataSource;
    }

    @Override
    public void prepare() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(ONE_AT_A_TIME);
            statement.execute(CREATE.replace("{table}", settings.quotedTable()));
            connection.commit();
        } catch (SQLException e) {
            throw failure(settings, e);
        }
        verify();
    }

    @Override
    public void verify() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(LOOK.replace("{table}", settings.quotedTable()));
        } catch (SQLException e) {
            throw failure(settings, e);
        }
    }

    /** Tells what a failed statement means for the writer. */
    static SinkException failure(AuditSettings settings, SQLException e) {
        // What a record can be blamed for was looked for when it was read, so this must be a constraint of somebody's.
        boolean refused = e.getSQLState() != null && SqlStates.blamesRecords(e.getSQLState());
        return new SinkException(
                refused ? Disposition.BROKEN : Disposition.UNAVAILABLE,
                "the audit table " + settings.table() + " cannot be used: " + e.getMessage(),
                e);
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public Class<AuditState> stateType() {
        return AuditState.class;
    }

    @Override
    public AuditEntry decode(SinkRecord record) {
        return AuditEntry.read(record, settings);
    }

    @Override
    public StatefulSinkPartition<AuditEntry, AuditState> buildPart(
            String stepId, String forPart, @Nullable AuditState resumeState) {
        AuditState state = resumeState == null ? AuditState.START : resumeState;
        if (state.version() != AuditState.VERSION) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the snapshot of partition " + forPart + " has a state of version " + state.version()
                            + ", this audit sink knows version " + AuditState.VERSION + "; use the newer jar again",
                    null);
        }
        return new AuditPartition(stepId, forPart, settings, state);
    }
}

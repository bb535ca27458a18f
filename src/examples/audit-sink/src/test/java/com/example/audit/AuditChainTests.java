package com.example.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.StatefulSinkPartition;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditChainTests {

    /* The check that any reader of the table can make, without this sink. */
    private static final String BROKEN_LINKS = """
            select source_offset
              from (select *, lag(hash, 1, repeat('0', 64)) over (partition by sink, partition_id order by source_offset) as before
                      from {table}) as chain
             where hash <> encode(sha256(convert_to(before || ' ' || source_offset || ' ' || entry, 'UTF8')), 'hex')""";

    @AutoClose
    private AuditTableForTests table;

    @BeforeEach
    void createTable() throws SQLException {
        table = new AuditTableForTests();
    }

    private StatefulSinkPartition<AuditEntry, AuditState> build(@Nullable AuditState state) {
        return table.sink().buildPart("trail", "0", state);
    }

    private void write(StatefulSinkPartition<AuditEntry, AuditState> partition, long offset) {
        Instant at = Instant.parse("2026-11-22T17:29:11Z");
        AuditEntry entry = new AuditEntry(offset, "Zoë", "log in", at, "{\"entry\": \"№ " + offset + "\"}");
        table.commit(partition, () -> partition.writeBatch(List.of(entry)));
    }

    @Test
    void sealsEachEntryWithTheHashOfTheOneBeforeIt() {
        StatefulSinkPartition<AuditEntry, AuditState> partition = build(null);
        write(partition, 0);
        write(partition, 1);
        write(build(partition.snapshot()), 5);
        assertThat(table.sql("select hash from {table}")).hasSize(3).doesNotHaveDuplicates();
        assertThat(table.sql(BROKEN_LINKS)).isEmpty();
        table.sql("update {table} set entry = '{}' where source_offset = 1");
        assertThat(table.sql(BROKEN_LINKS)).containsExactly("1");
    }

    @Test
    void writesNothingToAChainThatDoesNotEndAsTheSnapshotSays() {
        StatefulSinkPartition<AuditEntry, AuditState> partition = build(null);
        write(partition, 0);
        write(partition, 1);
        AuditState state = partition.snapshot();
        table.sql("delete from {table} where source_offset = 1");
        assertThatThrownBy(() -> write(build(state), 2))
                .asInstanceOf(type(SinkException.class))
                .extracting(SinkException::disposition)
                .isEqualTo(Disposition.BROKEN);
        assertThatThrownBy(() -> write(build(null), 2)).hasMessageContaining("after 0 entries");
        assertThat(table.sql("select entry from {table}")).hasSize(1);
    }

    @Test
    void isNotContentWithATableThatSwallowsRows() {
        StatefulSinkPartition<AuditEntry, AuditState> partition = build(null);
        table.sql("create rule swallow as on insert to {table} do instead nothing");
        assertThatThrownBy(() -> write(partition, 0)).hasMessageContaining("kept 0 of 1 rows");
    }

    @Test
    @SuppressWarnings("unchecked") // its own state is what a partition can be taken back to
    void isNotTakenBackToAStateThatItNeverHad() {
        StatefulSinkPartition<AuditEntry, AuditState> partition = build(null);
        write(partition, 0);
        AuditState first = partition.snapshot();
        write(partition, 1);
        RewindablePartition<AuditState> rewindable = (RewindablePartition<AuditState>) partition;
        AuditState foreign = new AuditState(1, 1, "f".repeat(64));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.commit(partition, () -> rewindable.rewind(1, foreign)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.commit(partition, () -> rewindable.rewind(1, null)));
        assertThat(table.sql("select entry from {table}")).hasSize(2);
        table.commit(partition, () -> rewindable.rewind(1, first));
        assertThat(table.sql("select entry from {table}")).hasSize(1);
    }

    @Test
    void refusesAStateOfAVersionThatItDoesNotKnow() {
        AuditState fromTheFuture = new AuditState(2, 0, AuditState.START.head());
        assertThatThrownBy(() -> build(fromTheFuture)).hasMessageContaining("version 2");
    }
}

package dev.sluice.table;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SiftingWrite;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Records into a table but for those that it refuses, some at a time: what fails of these is written again. */
final class SiftedWrite implements SiftingWrite {

    private static final int RECORDS_AT_A_TIME = 1_000;
    private static final long BYTES_AT_A_TIME = 1 << 20;

    private final Sieve sieve;
    private final TableStatements table;
    private final int most;
    private final Runnable whenStored;
    private final List<SinkRecord> piece = new ArrayList<>();
    private String partition = "";
    private long bytes;

    /**
     * Begins.
     *
     * @param sieve takes one record more than the {@code most} that may be refused
     * @param whenStored is called once all is stored
     */
    SiftedWrite(Sieve sieve, TableStatements table, int most, Runnable whenStored) {
        this.whenStored = whenStored;
        this.sieve = sieve;
        this.table = table;
        this.most = most;
    }

    @Override
    public void add(String forPart, SinkRecord record) {
        if (!forPart.equals(partition)) {
            store();
            partition = forPart;
        }
        piece.add(record);
        bytes += record.length();
        if (piece.size() >= RECORDS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
            store();
        }
    }

    @Override
    public void flush() {
        store();
        whenStored.run();
    }

    private void store() {
        try {
            sieve.store(partition, piece);
        } catch (SQLException e) {
            throw table.failed(e, table.insert());
        }
        piece.clear();
        bytes = 0;
        if (sieve.refused().size() > most) {
            // Without their names: there may be more, and whoever tells them has to look for all.
            throw SinkException.rejected("the table " + table.name() + " refuses more than " + most + " records", null);
        }
    }

    @Override
    public List<RejectedRecord> refused() {
        return sieve.refused();
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }
}

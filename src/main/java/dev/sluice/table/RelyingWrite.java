package dev.sluice.table;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.LastLook;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SqlStates;
import java.util.Optional;
import java.util.Set;

/**
 * Rows into the table as it was found before, without a look of their own: they bring the lock that keeps the table as it
 * is, and the last look tells whether it was still so. Whatever fails until then says little about a table that may have
 * changed: the transaction is repeated, and looks first.
 */
record RelyingWrite(JointWrite rows, TableTarget target, LastLook look) implements JointWrite {

    /* A lost connection, serialization, resources, locks, an operator: they would be the same after a look. */
    private static final Set<String> NOT_ABOUT_THE_TABLE = Set.of("08", "40", "53", "55", "57");
    private static final String MALFORMED_MESSAGE = "08P01";

    @Override
    public void add(String forPart, SinkRecord record) {
        try {
            rows.add(forPart, record);
        } catch (RuntimeException e) {
            throw doubted(e);
        }
    }

    @Override
    public void flush() {
        try {
            rows.flush();
        } catch (RuntimeException e) {
            throw doubted(e);
        }
    }

    private RuntimeException doubted(RuntimeException e) {
        RuntimeException doubted = target.doubted(e);
        if (e instanceof SinkException said && said.disposition() == Disposition.REJECTED) {
            return doubted; // by the columns that were there
        }
        String state = SqlStates.of(e);
        boolean aboutTheTable = !state.isEmpty() && !NOT_ABOUT_THE_TABLE.contains(state.substring(0, 2));
        return aboutTheTable || state.equals(MALFORMED_MESSAGE) ? doubted : e;
    }

    @Override
    public Optional<LastLook> lastLook() {
        return Optional.of(look);
    }

    @Override
    public void close() {
        rows.close();
    }
}

package dev.sluice.table;

import dev.sluice.sink.JointWrite;
import dev.sluice.sink.SinkRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Tries records as rows with the record in one column. COPY says in which row it failed. One thread.
 *
 * @param begin begins to write so many rows, by one statement
 */
record WholeTrial(LongFunction<JointWrite> begin) implements RecordTrial {

    @Override
    public void store(String partition, List<SinkRecord> items) throws SQLException {
        JointWrite write = begin.apply(items.size());
        try {
            items.forEach(record -> write.add(partition, record));
            write.flush();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw e;
        } finally {
            write.close();
        }
    }

    @Override
    public int blamed(SQLException failure) {
        return (int) SqlFailure.line(failure) - 1;
    }
}

package dev.sluice.table;

import dev.sluice.sink.JointWrite;
import dev.sluice.sink.SinkRecord;

/**
 * Rows into a partitioned table. Its partitions may be attached and altered beside a transaction that has no rows in
 * them yet: they are looked at once the rows are in, and with them the locks.
 */
record PartitionedWrite(JointWrite rows, Runnable lookAtPartitions) implements JointWrite {

    @Override
    public void add(String forPart, SinkRecord record) {
        rows.add(forPart, record);
    }

    @Override
    public void flush() {
        rows.flush();
        lookAtPartitions.run();
    }

    @Override
    public void close() {
        rows.close();
    }
}

package dev.sluice.table;

import dev.sluice.sink.SinkRecord;
import java.sql.SQLException;
import java.util.List;

/** Tries to store records of a partition, to find out what the database says. */
interface RecordTrial {

    void store(String partition, List<SinkRecord> items) throws SQLException;
}

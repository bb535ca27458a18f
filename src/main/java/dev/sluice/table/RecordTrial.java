package dev.sluice.table;

import dev.sluice.sink.SinkRecord;
import java.sql.SQLException;
import java.util.List;

/** Tries to store records of a partition, to find out what the database says. */
interface RecordTrial {

    void store(String partition, List<SinkRecord> items) throws SQLException;

    /** Returns which of the items the last failure was about, −1 if that is not known. */
    default int blamed(SQLException failure) {
        return -1;
    }
}

package dev.sluice.table;

import dev.sluice.sink.SinkRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries records as rows of columns of their own. COPY says in which row it failed. One thread. */
final class MappedTrial implements RecordTrial {

    private final Supplier<MappedRows> begin;
    private final TableStatements table;
    private final List<@Nullable RowGroup> groups = new ArrayList<>();
    private @Nullable RowGroup failed;

    MappedTrial(Supplier<MappedRows> begin, TableStatements table) {
        this.begin = begin;
        this.table = table;
    }

    @Override
    public void store(String partition, List<SinkRecord> items) throws SQLException {
        MappedRows rows = begin.get();
        groups.clear();
        for (SinkRecord record : items) {
            groups.add(rows.add(partition, record));
        }
        try {
            long sent = rows.count();
            table.requireStored(rows.write(), sent);
        } finally {
            failed = rows.begun();
        }
    }

    @Override
    public int blamed(SQLException failure) {
        if (SqlFailure.conflicts(failure) && groups.stream().distinct().count() > 1) {
            return -1; // with a later record perhaps, which went in before
        }
        long line = SqlFailure.line(failure);
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i) == failed && --line == 0) {
                return i;
            }
        }
        return -1;
    }
}

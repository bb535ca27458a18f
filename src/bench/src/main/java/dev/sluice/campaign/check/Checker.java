package dev.sluice.campaign.check;

import dev.sluice.bench.postgres.Database;
import dev.sluice.campaign.cluster.Target;
import dev.sluice.campaign.stream.History;
import dev.sluice.campaign.stream.Records;
import dev.sluice.campaign.stream.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Compares what is stored with what was written, record by record. */
public final class Checker {

    private static final int FETCH = 5_000;
    private static final String TYPED = """
            case when (s, o, h, p) is not distinct from
                      (data ->> 's', (data ->> 'o')::bigint, data ->> 'h', data ->> 'p') and o = source_offset
                 then data::text else 'its columns are others' end""";

    private final Database database;
    private final Path files;
    private final Target target;
    private final History history;
    private long records;

    public Checker(Database database, Path files, Target target, History history) {
        this.database = database;
        this.files = files;
        this.target = target;
        this.history = history;
    }

    /** Returns how many stored records were compared. */
    public long records() {
        return records;
    }

    /** What a writer knows against where its partition stands, and its receipts. */
    public void position(Stream stream) throws SQLException {
        Ledger ledger = new Ledger(database);
        long next = ledger.nextOffset(stream.sink(), stream.partition());
        if (next < stream.acked() || next > stream.sent()) {
            wrong(
                    stream.sink(),
                    stream.partition(),
                    "stands at " + next + ", acknowledged " + stream.acked() + ", sent " + stream.sent());
        }
        tell(
                stream.sink(),
                stream.partition(),
                ledger.receipts(stream.sink(), stream.partition(), stream.base(), next));
    }

    /** The rows of a table sink that a stream ends in. */
    public void table(String sink, Stream stream) throws SQLException {
        Expected expected = all(stream);
        rows(sink, stream.partition(), expected);
        finish(sink, stream, expected);
    }

    /** The rows of a table sink that a stream of keyed records ends in, partition by partition. */
    public void keyedTable(String sink, Stream stream, List<String> partitions) throws SQLException {
        for (int i = 0; i < partitions.size(); i++) {
            Expected expected = keyed(stream, i, partitions.size());
            rows(sink, partitions.get(i), expected);
            finish(sink, stream, partitions.get(i), expected);
        }
    }

    /** The rows of a table sink with columns of members; what differs from the record is no row of it. */
    public void typedTable(String sink, Stream stream) throws SQLException {
        Expected expected = all(stream);
        rows(sink, stream.partition(), expected, TYPED);
        finish(sink, stream, expected);
    }

    /** The rows of a table sink that keeps the last record of each text. */
    public void upsertedTable(String sink, Stream stream) throws SQLException {
        keptTable(sink, stream, false);
    }

    /** The rows of a table sink that keeps the last record of each text, unless that one deletes it. */
    public void changedTable(String sink, Stream stream) throws SQLException {
        keptTable(sink, stream, true);
    }

    private void keptTable(String sink, Stream stream, boolean deletes) throws SQLException {
        long next = new Ledger(database).nextOffset(sink, stream.partition());
        Map<String, Long> last = new TreeMap<>();
        for (long offset = stream.base(); offset < next; offset++) {
            String record = stream.record(offset);
            last.put(record.substring(record.indexOf(",\"p\":")), offset);
        }
        Map<Long, String> expected = new TreeMap<>();
        for (long offset : last.values()) {
            String record = stream.record(offset);
            if (!deletes || !Records.deletes(record)) {
                expected.put(offset, record);
            }
        }
        Map<Long, String> found = new TreeMap<>();
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement(
                        "select source_offset, " + TYPED + " from \"" + sink + "\" where s = ?")) {
            query.setString(1, stream.partition());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong(1), row.getString(2));
                }
            }
        }
        records += found.size();
        tell(
                sink,
                stream.partition(),
                found.equals(expected) ? "" : "up to " + next + " there are " + found + ", not " + expected);
    }

    /** The rows of a table that refuses some records, and the dead letters that stand for those. */
    public void letters(String sink, Stream stream) throws SQLException {
        Expected expected = all(stream);
        rowsAndLetters(sink, stream.partition(), expected);
        finish(sink, stream, expected);
        receipts(sink, stream);
    }

    /** What took effect at an HTTP target that refuses some records, and the dead letters that stand for those. */
    public void sentLetters(String sink, Stream stream) throws SQLException {
        SentLetters letters = SentLetters.read(database, sink, stream);
        TreeMap<Long, Long> pieces = target.effects(sink + "/" + stream.partition());
        tell(sink, stream.partition(), letters.addTo(pieces));
        tell(sink, stream.partition(), letters.compare(target.late(sink + "/" + stream.partition())));
        sent(sink, stream, pieces);
        receipts(sink, stream);
    }

    /* Those of a sink behind the one that was written to. */
    private void receipts(String sink, Stream stream) throws SQLException {
        if (!sink.equals(stream.sink())) {
            Ledger ledger = new Ledger(database);
            long next = ledger.nextOffset(sink, stream.partition());
            tell(sink, stream.partition(), ledger.receipts(sink, stream.partition(), stream.base(), next));
        }
    }

    /** The same of keyed records, partition by partition. */
    public void keyedLetters(Stream stream, List<String> partitions) throws SQLException {
        for (int i = 0; i < partitions.size(); i++) {
            Expected expected = keyed(stream, i, partitions.size());
            rowsAndLetters(stream.sink(), partitions.get(i), expected);
            finish(stream.sink(), stream, partitions.get(i), expected);
        }
    }

    /* Each offset is in one place: in the table, or with a dead letter that is not replayed. */
    private void rowsAndLetters(String sink, String partition, Expected expected) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement("""
                    select source_offset, data::text, 'row' from "%s" where partition_id = ?
                    union all
                    select source_offset, convert_from(data, 'UTF8'), state from sluice.dead_letter
                     where sink = ? and partition_id = ? and state <> 'replayed'
                    order by 1""".formatted(sink))) {
                query.setFetchSize(FETCH);
                query.setString(1, partition);
                query.setString(2, sink);
                query.setString(3, partition);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        take(row.getLong(1), row.getString(2), row.getString(3).equals("row"), expected);
                    }
                }
            }
        }
    }

    /* What the table refuses is a dead letter as it was sent, or a row as it was mended; what it takes is a row. */
    private static void take(long offset, String record, boolean inTable, Expected expected) {
        String sent = expected.record(offset);
        boolean refused = Records.refused(sent);
        if (refused == inTable && !(inTable && record.equals(Records.mended(sent)))) {
            expected.take(offset, (inTable ? "a row with " : "a dead letter with ") + record);
        } else {
            expected.take(offset, inTable && refused ? sent : record);
        }
    }

    private void rows(String sink, String partition, Expected expected) throws SQLException {
        rows(sink, partition, expected, "data::text");
    }

    private void rows(String sink, String partition, Expected expected, String text) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement("select source_offset, " + text + " from \""
                    + sink + "\" where partition_id = ? order by source_offset")) {
                query.setFetchSize(FETCH);
                query.setString(1, partition);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        expected.take(row.getLong(1), row.getString(2));
                    }
                }
            }
        }
    }

    /** The segments of a file sink that a stream ends in, in the directory of its name. */
    public void file(String sink, Stream stream) throws SQLException, IOException {
        Expected expected = all(stream);
        Segments.read(files.resolve(sink), new Ledger(database).state(sink, stream.partition()), expected);
        finish(sink, stream, expected);
    }

    /** The same of a stream of keyed records, partition by partition. */
    public void keyedFile(String sink, Stream stream, List<String> partitions) throws SQLException, IOException {
        for (int i = 0; i < partitions.size(); i++) {
            Expected expected = keyed(stream, i, partitions.size());
            Segments.read(files.resolve(sink), new Ledger(database).state(sink, partitions.get(i)), expected);
            finish(sink, stream, partitions.get(i), expected);
        }
    }

    /** The one file of a partition, as far as its snapshot says that it counts. */
    public void singleFile(String sink, Stream stream) throws SQLException, IOException {
        String partition = stream.partition();
        Expected expected = all(stream);
        Path file = files.resolve(sink).resolve(partition + ".ndjson");
        Segments.readFile(file, new Ledger(database).state(sink, partition), expected);
        finish(sink, stream, expected);
    }

    private Expected all(Stream stream) throws SQLException {
        Holes holes = new Ledger(database).holes(stream.sink(), stream.partition());
        return new Expected(stream::record, stream.base(), offset -> !holes.has(offset));
    }

    private static Expected keyed(Stream stream, int index, int partitions) {
        return new Expected(stream::record, stream.base(), offset -> {
            CRC32C crc = new CRC32C();
            crc.update(Records.key(offset).getBytes(StandardCharsets.UTF_8));
            return crc.getValue() % partitions == index;
        });
    }

    /** What took effect at the HTTP target that a stream ends in; its bytes were compared as they came. */
    public void http(String sink, Stream stream) throws SQLException {
        sent(sink, stream, target.effects(sink + "/" + stream.partition()));
    }

    private void sent(String sink, Stream stream, TreeMap<Long, Long> pieces) throws SQLException {
        String partition = stream.partition();
        long first = stream.base();
        long at = first;
        for (Map.Entry<Long, Long> range : pieces.entrySet()) {
            if (range.getKey() != at) {
                wrong(sink, partition, "the target got " + range.getKey() + "-" + range.getValue() + " after " + at);
                break;
            }
            at = range.getValue();
        }
        long next = new Ledger(database).nextOffset(stream.sink(), partition);
        records += at - first;
        tell(sink, partition, at == next ? "" : "what the target has ends at " + at + ", nextOffset is " + next);
    }

    /** Returns how many tasks of operators have not ended. */
    public long runningTasks() throws SQLException {
        return new Ledger(database).runningTasks();
    }

    /** Returns how far a buffer has delivered. */
    public long deliveredOffset(String sink, String partition) throws SQLException {
        return new Ledger(database).delivered(sink, partition);
    }

    /** Whether a buffer has delivered all that it accepted. */
    public boolean drained(String sink, String partition) throws SQLException {
        Ledger ledger = new Ledger(database);
        return ledger.delivered(sink, partition) == ledger.nextOffset(sink, partition);
    }

    /*
     * Up to where the sink stands that was written to: a target behind it may think that it has all. One of a fan-out
     * may have more, which was sent before an open and never acknowledged.
     */
    private void finish(String sink, Stream stream, Expected expected) throws SQLException {
        records += expected.count();
        long next = new Ledger(database).nextOffset(stream.sink(), stream.partition());
        boolean behindFanout =
                Set.of("both", "twice", "both-letters", "twice-letters").contains(stream.sink());
        tell(sink, stream.partition(), expected.until(next, behindFanout ? Math.max(next, stream.everSent()) : next));
    }

    /* Each batch of keyed records moves every partition. */
    private void finish(String sink, Stream stream, String partition, Expected expected) throws SQLException {
        records += expected.count();
        long next = new Ledger(database).nextOffset(sink, partition);
        if (next != stream.acked()) {
            wrong(sink, partition, "stands at " + next + ", acknowledged " + stream.acked());
        }
        tell(sink, partition, expected.until(next, next));
    }

    private void tell(String sink, String partition, String wrong) {
        if (!wrong.isEmpty()) {
            wrong(sink, partition, wrong);
        }
    }

    private void wrong(String sink, String partition, String what) {
        history.violation("checker: " + sink + "/" + partition + ": " + what);
    }
}

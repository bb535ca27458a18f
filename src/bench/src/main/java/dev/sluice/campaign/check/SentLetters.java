package dev.sluice.campaign.check;

import dev.sluice.bench.postgres.Database;
import dev.sluice.campaign.stream.Records;
import dev.sluice.campaign.stream.Stream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The dead letters of one partition of an HTTP target, which come late there, if they come. */
final class SentLetters {

    private record Letter(String record, String state) {}

    private final Stream stream;
    private final NavigableMap<Long, Letter> letters = new TreeMap<>();

    private SentLetters(Stream stream) {
        this.stream = stream;
    }

    static SentLetters read(Database database, String sink, Stream stream) throws SQLException {
        SentLetters all = new SentLetters(stream);
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement("""
                        select source_offset, convert_from(data, 'UTF8'), state from sluice.dead_letter
                         where sink = ? and partition_id = ?""")) {
            query.setString(1, sink);
            query.setString(2, stream.partition());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    all.letters.put(row.getLong(1), new Letter(row.getString(2), row.getString(3)));
                }
            }
        }
        return all;
    }

    /** Adds them to the ranges that took effect, none of which may begin with one; returns what is wrong. */
    String addTo(NavigableMap<Long, Long> ranges) {
        String wrong = "";
        for (Map.Entry<Long, Letter> letter : letters.entrySet()) {
            long offset = letter.getKey();
            String sent = stream.record(offset);
            if (!Records.refused(sent) || !letter.getValue().record().equals(sent)) {
                wrong = "offset " + offset + " is a dead letter with "
                        + letter.getValue().record() + " for " + sent;
            }
            Long end = ranges.putIfAbsent(offset, offset + 1);
            if (end != null) {
                wrong = "offset " + offset + " is a dead letter, and the target got " + offset + "-" + end;
            }
        }
        return wrong;
    }

    /** Returns what is wrong with those that have come late: those that are replayed have to be there, and no others. */
    String compare(Map<Long, Integer> late) {
        String wrong = "";
        for (Map.Entry<Long, Letter> letter : letters.entrySet()) {
            boolean replayed = letter.getValue().state().equals("replayed");
            if (letter.getValue().state().equals("sending") || replayed != late.containsKey(letter.getKey())) {
                wrong = "the dead letter at offset " + letter.getKey() + " is "
                        + letter.getValue().state() + ", and the target has it: " + late.containsKey(letter.getKey());
            }
        }
        return letters.keySet().containsAll(late.keySet())
                ? wrong
                : "the target got late what is no dead letter: " + late.keySet();
    }
}

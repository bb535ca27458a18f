package dev.sluice.http;

import dev.sluice.fuzz.Refusal;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What targets answer: their statuses for each record, the records that they name, and how long they want to be left alone. */
public final class AnswersFuzz {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Redaction NOTHING = new Redaction(List.of("Can4ry"), "");
    private static final List<SinkRecord> SENT = List.of(
            new SinkRecord(5, "1".getBytes(StandardCharsets.UTF_8)),
            new SinkRecord(9, "2".getBytes(StandardCharsets.UTF_8)));

    private AnswersFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        Answer answer = new Answer(422, List.of(), data, true, NOTHING);
        for (RejectedRecord named : NamedRejections.of(answer, SENT)) {
            Refusal.require(named.offset() == 5 || named.offset() == 9, "it names " + named);
        }
        PartialAnswer partial = PartialAnswer.of(answer, SENT.size());
        Refusal.require(partial.statuses().isEmpty() || partial.statuses().size() == SENT.size(), partial.what());
        Refusal.require(!answer.text().contains("Can4ry"), "a secret is shown: " + answer.text());
        String[] lines = new String(data, StandardCharsets.ISO_8859_1).split("\n", 2);
        Optional<Duration> wish = RetryAfter.of(List.of(lines[0]), lines.length > 1 ? lines[1] : "", NOW);
        Refusal.require(wish.isEmpty() || !wish.get().isNegative(), "it wants " + wish);
    }
}

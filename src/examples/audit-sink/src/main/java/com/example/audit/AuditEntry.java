package com.example.audit;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who did what and when, and the record that says so, as it was sent.
 *
 * @param offset the writer's position of the record
 */
record AuditEntry(long offset, String actor, String action, Instant at, String json) {

    /* Of two members with the same name one would be lost from the columns: a trail must not be that vague. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** Reads a record, or throws a rejection that names the field at fault. */
    static AuditEntry read(SinkRecord record, AuditSettings settings) {
        JsonNode value;
        try {
            value = JSON.readTree(record.toByteArray());
        } catch (JacksonException e) {
            throw rejected(record, "", "unreadable", String.valueOf(e.getOriginalMessage()), "send one JSON object");
        }
        return new AuditEntry(
                record.offset(),
                text(record, value, settings.actorField()),
                text(record, value, settings.actionField()),
                time(record, value, settings.timeField()),
                record.json());
    }

    private static String text(SinkRecord record, JsonNode value, String field) {
        JsonNode member = value.path(field);
        if (!member.isString() || member.stringValue().isBlank()) {
            String found = member.isMissingNode() ? "is missing" : member.isString() ? "is blank" : "is none";
            throw rejected(record, field, "no-text", field + " must be a text, but " + found, "name the " + field);
        }
        String text = member.stringValue();
        if (text.indexOf(0) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            String message = field + " has a character that PostgreSQL cannot store: U+0000 or half a surrogate pair";
            throw rejected(record, field, "no-text", message, "remove it");
        }
        return text;
    }

    private static Instant time(SinkRecord record, JsonNode value, String field) {
        String text = text(record, value, field);
        try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // Told below, together with times that no calendar of the table's has.
        }
        String found = text.length() > 40 ? text.length() + " characters long" : "'" + text + "'";
        String message = field + " is " + found + ", expected a time of the years 1 to 9999";
        throw rejected(record, field, "no-time", message, "write it like 2026-11-22T17:29:11Z");
    }

    private static SinkException rejected(SinkRecord record, String field, String code, String message, String hint) {
        return SinkException.rejected(
                List.of(new RejectedRecord(record.offset(), field.isEmpty() ? null : field, code, message, hint)));
    }
}

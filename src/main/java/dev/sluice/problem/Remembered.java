package dev.sluice.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a problem: nothing that a body has had in it. Its writer was told more.
 *
 * @param type the name at the end of the problem's type
 * @param offset of the record or batch that it is about, null where it is not known
 * @param instance the trace, null where there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Remembered(
        Instant at,
        String type,
        int status,
        @Nullable String sink,
        @Nullable String partition,
        @Nullable Long offset,
        String detail,
        @Nullable String instance) {

    private static final int LONGEST_DETAIL = 300;
    private static final int LONGEST_NAME = 200;

    /* Their detail may quote records, or names that others may not know: only where they happened is remembered. */
    private static final Set<String> QUOTING = Set.of(
            ProblemType.MALFORMED_BATCH.slug(),
            ProblemType.UNKNOWN_SINK.slug(),
            ProblemType.RECORD_REJECTED.slug(),
            ProblemType.PARTIAL_FAILURE.slug(),
            ProblemType.TOO_LARGE.slug());
    private static final Set<String> PLACES = Set.of("index", "line", "byteOffset", "complete", "loss");

    static Remembered of(Map<?, ?> members, Instant at) {
        String type = text(members, "type", LONGEST_NAME);
        String slug = type == null ? "" : type.substring(type.lastIndexOf('/') + 1);
        return new Remembered(
                at,
                slug,
                members.get("status") instanceof Number status ? status.intValue() : 0,
                text(members, "sink", LONGEST_NAME),
                text(members, "partition", LONGEST_NAME),
                offset(members),
                detail(slug, members),
                text(members, "instance", LONGEST_NAME));
    }

    private static @Nullable Long offset(Map<?, ?> members) {
        for (String name : new String[] {"offset", "expectedOffset", "nextOffset"}) {
            if (members.get(name) instanceof Long offset) {
                return offset;
            }
        }
        return null;
    }

    private static String detail(String type, Map<?, ?> members) {
        if (!QUOTING.contains(type)) {
            String detail = text(members, "detail", LONGEST_DETAIL);
            return detail == null ? "" : detail;
        }
        Map<String, Object> places = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (name instanceof String place && PLACES.contains(place)) {
                places.put(place, value);
            }
        });
        return members.get("title")
                + places.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(place -> ", " + place.getKey() + " " + place.getValue())
                        .collect(Collectors.joining());
    }

    private static @Nullable String text(Map<?, ?> members, String name, int longest) {
        Object value = members.get(name);
        if (value == null) {
            return null;
        }
        String text = value.toString();
        return text.length() > longest ? text.substring(0, longest) + "…" : text;
    }
}

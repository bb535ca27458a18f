package dev.sluice.act;

import dev.sluice.call.Call;
import dev.sluice.call.Url;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What can be done by a form, each by one call of the API. */
@SuppressWarnings("ImmutableEnumChecker") // the list is made once and never changed
public enum Act {
    /** Stops what comes in or goes out. */
    PAUSE(
            "Pause",
            "What is paused waits: writers are told 503 and come again by themselves, records stay in their buffers.",
            Scope.SINK,
            Preview.MAY,
            "",
            Field.choice("what", "What", "Delivery is for sinks of type batching.", "intake", "delivery", "both"),
            Field.text("until", "Until", "When it ends by itself, like 2026-12-01T06:00:00Z; empty for no end."),
            Fields.REASON),
    /** Lets go on. */
    RESUME(
            "Resume",
            "Writers may write and buffers deliver again, at once.",
            Scope.SINK,
            Preview.MAY,
            "",
            Field.choice("what", "What", "", "both", "intake", "delivery"),
            Fields.REASON),
    /** Ends a wait between tries. */
    TRY_NOW(
            "Try now",
            "Ends the wait of a buffer for its next try, and that of an open circuit breaker, at the replica that is"
                    + " asked. A try that is under way keeps its pauses. Whether it succeeds is seen shortly after.",
            Scope.SINK,
            Preview.NONE,
            "",
            Fields.REASON),
    /** Takes nothing in until nothing waits. */
    DRAIN(
            "Drain",
            "Nothing is taken in any more, and what is accepted is delivered, until nothing waits.",
            Scope.SINK,
            Preview.MAY,
            "",
            Field.text("until", "Until", "When the intake goes on by itself; empty for no end."),
            Fields.REASON),
    /** Fences whoever writes. */
    TAKE_OVER(
            "Take over",
            "Raises the fencing token: whoever writes now is refused from then on, and the owner named here goes on.",
            Scope.PARTITION,
            Preview.MAY,
            "",
            Field.required("owner", "Owner", "Who writes from then on."),
            Fields.REASON),
    /** Stands elsewhere. */
    RESET(
            "Reset",
            "Lets the partition stand at another offset. Back: what was written from there on is removed. Forward: the"
                    + " range between is given up. Whoever writes now is refused. There is no way back.",
            Scope.PARTITION,
            Preview.MUST,
            "partition",
            Field.required("nextOffset", "Next offset", "Where it is to stand."),
            Fields.REASON),
    /** Lets a partition go on behind a bad record. */
    SET_ASIDE(
            "Set aside",
            "When the target refuses the record at this offset, it is settled as a dead letter, and the partition goes"
                    + " on behind it. Nothing else changes, and the record is kept.",
            Scope.PARTITION,
            Preview.MAY,
            "",
            Field.required("offset", "Offset", "Of the record that the target refuses."),
            Fields.REASON),
    /** Writes a dead letter. */
    REPLAY(
            "Replay",
            "Writes the record to its target, as it was received or as it was edited, once.",
            Scope.LETTER,
            Preview.MAY,
            "",
            Fields.REASON,
            Fields.OVERWRITE),
    /** Gives a dead letter up. */
    DISCARD(
            "Discard",
            "Gives the record up: it is not written any more, and there is no way back. It is kept for a while, to be"
                    + " looked at.",
            Scope.LETTER,
            Preview.MAY,
            "offset",
            Fields.REASON),
    /** Writes many. */
    REPLAY_ALL(
            "Replay all",
            "Writes all that match to their target, as a task that can be cancelled.",
            Scope.LETTERS,
            Preview.MUST,
            "",
            Fields.REASON,
            Fields.PER_SECOND,
            Fields.OVERWRITE),
    /** Gives many up. */
    DISCARD_ALL(
            "Discard all",
            "Gives all that match up, as a task that can be cancelled. They are not written any more, and"
                    + " there is no way back.",
            Scope.LETTERS,
            Preview.MUST,
            "sink",
            Fields.REASON,
            Fields.PER_SECOND),
    /** Ends a task. */
    CANCEL("Cancel", "Ends the task. What it has settled stays settled.", Scope.LETTERS, Preview.NONE, ""),
    /** Deletes a sink. */
    DELETE(
            "Delete",
            "Deletes the sink with its positions; what was written stays in the target. There is no way back.",
            Scope.SINK,
            Preview.NONE,
            "sink",
            Fields.REASON,
            Field.flag(
                    "force",
                    "Even if it holds records that are not delivered, or dead letters that are open",
                    "They are lost."));

    private static final class Fields {
        static final Field REASON = Field.required("reason", "Reason", "For the audit trail.");
        static final Field OVERWRITE = Field.flag(
                "overwrite", "Even if it undoes what later records have written", "Where rows have keys of their own.");
        static final Field PER_SECOND = Field.text("perSecond", "At most a second", "Empty for as fast as it goes.");
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> OF_FILTER = List.of("partition", "code", "field");

    private final String title;
    private final String sentence;
    private final Scope scope;
    private final Preview preview;
    private final String confirmedBy;
    private final List<Field> fields;

    Act(String title, String sentence, Scope scope, Preview preview, String confirmedBy, Field... fields) {
        this.title = title;
        this.sentence = sentence;
        this.scope = scope;
        this.preview = preview;
        this.confirmedBy = confirmedBy;
        this.fields = List.of(fields);
    }

    static Optional<Act> of(String label) {
        return Arrays.stream(values()).filter(act -> act.label().equals(label)).findFirst();
    }

    /** Returns the name in addresses. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns what its button says. */
    public String title() {
        return title;
    }

    /** Returns what it does. */
    public String sentence() {
        return sentence;
    }

    /** Returns its fields. */
    public List<Field> fields() {
        return fields;
    }

    /** Whether it can be looked at first. */
    public boolean hasPreview() {
        return preview != Preview.NONE;
    }

    /** Whether it can be done without having been looked at. */
    public boolean isDoneAtOnce() {
        return preview != Preview.MUST;
    }

    /** Whether it cannot be undone. */
    public boolean isDangerous() {
        return !confirmedBy.isEmpty();
    }

    /** Returns what has to be typed before it is done, empty for nothing. */
    String confirmation(Map<String, String> given) {
        return confirmedBy.isEmpty() ? "" : given.getOrDefault(confirmedBy, "");
    }

    Scope scope(Map<String, String> given) {
        return scope == Scope.SINK && this != DELETE && given.containsKey("partition") ? Scope.PARTITION : scope;
    }

    /** Returns the call; with {@code dryRun} the one that only tells what would be done. */
    Call call(Map<String, String> given, boolean dryRun) {
        String path = scope(given).path(given);
        if (this == CANCEL) {
            return Call.of(
                    "DELETE",
                    Url.of("/tasks/{}", given.getOrDefault("task", "")).toString(),
                    null);
        }
        if (this == DELETE) {
            return Call.of(
                    "DELETE",
                    Url.of(path)
                            .with("force", given.get("force"))
                            .with("reason", given.get("reason"))
                            .toString(),
                    null);
        }
        String verb = this == TRY_NOW ? "deliveries/try" : label().replace("-all", "");
        Call call = Call.of(
                "POST",
                Url.of(path + "/" + verb).with("dryRun", dryRun ? "true" : "").toString(),
                body(given, dryRun));
        String etag = given.get("etag");
        return etag == null ? call : call.with("If-Match", etag);
    }

    private String body(Map<String, String> given, boolean dryRun) {
        ObjectNode body = JSON.createObjectNode();
        for (Field field : fields) {
            String value = given.get(field.name());
            if (value == null) {
                continue;
            }
            if (field.flag()) {
                body.put(field.name(), true);
            } else {
                put(body, field.name(), value);
            }
        }
        if (scope == Scope.LETTERS) {
            ObjectNode filter = body.putObject("filter");
            OF_FILTER.stream().filter(given::containsKey).forEach(name -> filter.put(name, given.get(name)));
            if (!dryRun && given.containsKey("expected")) {
                put(body, "expected", given.getOrDefault("expected", ""));
            }
        }
        if (given.containsKey("version")) {
            put(body, "ifVersion", given.getOrDefault("version", ""));
        }
        return body.toString();
    }

    private static final List<String> NUMBERS = List.of("nextOffset", "offset", "perSecond", "expected", "ifVersion");

    /* What is no number is sent as it is: the API says what is wrong with it. */
    private static void put(ObjectNode body, String name, String value) {
        if (NUMBERS.contains(name) && value.matches("[0-9]{1,18}")) {
            body.put(name, Long.parseLong(value));
        } else {
            body.put(name, value);
        }
    }
}

package dev.sluice.body;

import dev.sluice.catalog.NearestNames;
import dev.sluice.problem.ProblemType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The members of an {@link ActBody}. Each is asked for by its name and refused if it is of another type; null is returned
 * for one that is not there.
 */
public final class ActMembers {

    private static final int MOST_SHOWN = 80;

    private final JsonNode object;
    private final String path;
    private final String example;

    private ActMembers(JsonNode object, String path, String example) {
        this.object = object;
        this.path = path;
        this.example = example;
    }

    static ActMembers of(JsonNode object, String path, Set<String> known, String example) {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw ActBody.malformed("the body has an unknown member '" + path + name + "'"
                        + NearestNames.hint(name, known) + "; it is to be like " + example);
            }
            if (object.path(name).isNull()) {
                throw ActBody.malformed("'" + path + name + "' is null; leave it out instead");
            }
        }
        return new ActMembers(object, path, example);
    }

    /** Returns why it is to be done, which has to be told. */
    public String reason() {
        return Reasons.required(text("reason"));
    }

    public @Nullable Long ifVersion() {
        return number("ifVersion");
    }

    /** Returns a text of visible characters. */
    public @Nullable String text(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isString() || !Reasons.isText(value.stringValue())) {
            throw wrong(name, "a text of 1 to " + Reasons.LONGEST + " visible characters", value);
        }
        return value.stringValue();
    }

    /** Returns any text of at most {@code longest} characters. */
    public @Nullable String string(String name, int longest) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isString() || value.stringValue().length() > longest) {
            throw wrong(name, "a text of at most " + longest + " characters", value);
        }
        return value.stringValue();
    }

    /** Returns an integer, which may be a string of digits, from 0 to 2^63−1. */
    public @Nullable Long number(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (value.isString()) {
            return Query.number(path + name, value.stringValue(), ProblemType.MALFORMED_REQUEST);
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw wrong(name, "an integer from 0 to " + Long.MAX_VALUE, value);
        }
        return value.longValue();
    }

    /**
     * The same for one that has to be there.
     *
     * @param what it is, for whoever has left it out
     */
    public long required(String name, String what) {
        Long value = number(name);
        if (value == null) {
            throw ActBody.malformed("'" + path + name + "' is missing: " + what + ", like " + example);
        }
        return value;
    }

    /** Returns whether a member is true; false if it is not there. */
    public boolean flag(String name) {
        JsonNode value = object.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong(name, "true or false", value);
        }
        return value.asBoolean(false);
    }

    public @Nullable Instant time(String name) {
        String text = text(name);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw ActBody.malformed("'" + path + name + "' must be a time of ISO 8601 with its zone, like"
                    + " \"2026-11-30T06:00:00Z\", but is \"" + text + "\"");
        }
    }

    /** Returns an object that has no other members than these. */
    public @Nullable ActMembers object(String name, Set<String> known) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isObject()) {
            throw wrong(name, "an object", value);
        }
        return of(value, path + name + ".", known, example);
    }

    /** Returns any value as JSON text. */
    public @Nullable String json(String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() ? null : JsonMapper.shared().writeValueAsString(value);
    }

    private RuntimeException wrong(String name, String expected, JsonNode value) {
        String is = value.toString();
        return ActBody.malformed("'" + path + name + "' must be " + expected + ", but is "
                + (is.length() > MOST_SHOWN ? is.substring(0, MOST_SHOWN) + "…" : is) + "; the body is to be like "
                + example);
    }
}

package dev.sluice.act;

import dev.sluice.access.Quota;
import dev.sluice.access.Verb;
import dev.sluice.call.Call;
import dev.sluice.call.Facts;
import dev.sluice.call.Url;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key that is to be made or changed, as the fields of a form: {@code g0.sinks} and {@code g0.read} of its first grant,
 * {@code q.sinks} of a quota.
 *
 * @param id of the key, empty for a new one
 */
public record KeyDraft(String id, Map<String, String> given) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int FREE_ROWS = 2;
    private static final int MOST_ROWS = 100;
    private static final List<String> TEXTS = List.of("note", "expiresAt");

    public KeyDraft {
        given = Map.copyOf(given);
    }

    /** Returns the draft of a key as it is. */
    static KeyDraft of(Facts key) {
        Map<String, String> given = new LinkedHashMap<>();
        TEXTS.forEach(name -> given.put(name, key.text(name)));
        given.put("version", key.text("version"));
        List<Facts> grants = key.list("grants");
        for (int i = 0; i < grants.size(); i++) {
            String row = "g" + i + ".";
            given.put(row + "sinks", grants.get(i).text("sinks"));
            grants.get(i).list("verbs").forEach(verb -> given.put(row + verb.text(), "true"));
        }
        key.at("quotas").members().forEach((name, bound) -> given.put("q." + name, bound.text()));
        return new KeyDraft(key.text("id"), given);
    }

    /** Returns what can be granted. */
    public List<String> verbs() {
        return Verb.labels();
    }

    /** Returns what there are quotas of. */
    public List<String> quotas() {
        return Quota.labels();
    }

    /** Returns how many grants there is room for, from 0 on. */
    public int rows() {
        int used = 0;
        while (used < MOST_ROWS && isGrant(used)) {
            used++;
        }
        return Math.min(MOST_ROWS, used + FREE_ROWS);
    }

    /** Returns what stands in a field, empty for nothing. */
    public String value(String name) {
        return given.getOrDefault(name, "").strip();
    }

    private boolean isGrant(int row) {
        String prefix = "g" + row + ".";
        return given.entrySet().stream()
                .anyMatch(field ->
                        field.getKey().startsWith(prefix) && !field.getValue().isBlank());
    }

    /** Returns the call that makes or changes the key. */
    Call call() {
        ObjectNode body = JSON.createObjectNode();
        TEXTS.stream().filter(name -> !value(name).isEmpty()).forEach(name -> body.put(name, value(name)));
        ArrayNode grants = body.putArray("grants");
        for (int row = 0; row < MOST_ROWS; row++) {
            if (isGrant(row)) {
                String prefix = "g" + row + ".";
                ObjectNode grant = grants.addObject().put("sinks", value(prefix + "sinks"));
                ArrayNode verbs = grant.putArray("verbs");
                verbs().stream().filter(verb -> !value(prefix + verb).isEmpty()).forEach(verbs::add);
            }
        }
        ObjectNode quotas = JSON.createObjectNode();
        quotas().stream()
                .filter(name -> !value("q." + name).isEmpty())
                .forEach(name -> put(quotas, name, value("q." + name)));
        if (!quotas.isEmpty()) {
            body.set("quotas", quotas);
        }
        if (id.isEmpty()) {
            return Call.of("POST", "/keys", body.toString());
        }
        put(body, "ifVersion", value("version"));
        if (!value("reason").isEmpty()) {
            body.put("reason", value("reason"));
        }
        return Call.of("PUT", Url.of("/keys/{}", id).toString(), body.toString());
    }

    /* What is no number is sent as it is: the API says what is wrong with it. */
    private static void put(ObjectNode body, String name, String value) {
        if (value.matches("[0-9]{1,18}")) {
            body.put(name, Long.parseLong(value));
        } else if (!value.isEmpty()) {
            body.put(name, value);
        }
    }
}

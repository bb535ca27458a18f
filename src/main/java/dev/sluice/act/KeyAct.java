package dev.sluice.act;

import dev.sluice.call.Call;
import dev.sluice.call.Url;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What ends a key as it is. */
public enum KeyAct {
    /** Has another text in its place. */
    ROTATE(
            "Rotate",
            "Makes another text for the same key. The present one goes on for the overlap, and ends with it. There is no"
                    + " way back."),
    /** Ends it. */
    REVOKE(
            "Revoke",
            "Ends the key on every replica, within a second. Whoever sends it is refused. There is no way back: to let"
                    + " them in again, make another key.");

    private static final JsonMapper JSON = new JsonMapper();

    private final String title;
    private final String sentence;

    KeyAct(String title, String sentence) {
        this.title = title;
        this.sentence = sentence;
    }

    /** Returns the name in addresses. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what its button says. */
    public String title() {
        return title;
    }

    /** Returns what it does. */
    public String sentence() {
        return sentence;
    }

    /** Whether the present text goes on for a while. */
    public boolean hasOverlap() {
        return this == ROTATE;
    }

    Call call(String id, String reason, String overlap) {
        Url key = Url.of("/keys/{}", id);
        if (this == REVOKE) {
            return Call.of("DELETE", key.with("reason", reason).toString(), null);
        }
        ObjectNode body = JSON.createObjectNode();
        if (!overlap.isEmpty()) {
            body.put("overlap", overlap);
        }
        if (!reason.isEmpty()) {
            body.put("reason", reason);
        }
        return Call.of("POST", key + "/rotate", body.toString());
    }
}

package dev.sluice.key;

import dev.sluice.access.Grant;
import dev.sluice.fuzz.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;

/** Keys, and grants as JSON: what is read is what is written. */
public final class KeyFuzz {

    private KeyFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        if (KeyText.isWhole(text)) {
            Refusal.require(!KeyText.idOf(text).isEmpty(), "a key without an id");
        }
        KeyHash hash = KeyHash.of(text);
        Refusal.require(hash.is(KeyHash.stored(hash.bytes())), "another hash");
        List<Grant> grants;
        try {
            grants = Refusal.orNull(() -> Grants.read(text));
        } catch (JacksonException e) {
            return; // whoever calls it has parsed it before
        }
        Refusal.require(grants == null || Grants.read(Grants.text(grants)).equals(grants), "other grants: " + grants);
    }
}

package dev.sluice.resolution;

import dev.sluice.fuzz.Refusal;
import java.nio.charset.StandardCharsets;

/** Queries of dead letters, with the place where a page begins. */
public final class LettersFuzz {

    private LettersFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String query = new String(data, StandardCharsets.ISO_8859_1);
        Refusal.orNull(() -> LettersQuery.parse(query));
        LettersQuery paged = Refusal.orNull(() -> LettersQuery.parse("from=" + query));
        Refusal.require(paged == null || paged.limit() > 0, "a page of nothing");
    }
}

package dev.sluice.ingest;

import dev.sluice.fuzz.Refusal;
import dev.sluice.partition.OpenRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.mock.web.MockHttpServletRequest;

/** Headers of writers, queries of lists, and what opens a partition. */
public final class HeadersFuzz {

    private static final OpenBody OPEN = new OpenBody();

    private HeadersFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
        request.addHeader("Prefer", text);
        request.addHeader(WriteHeaders.FENCING_TOKEN, text);
        Preferences preferences = Preferences.of(request);
        Refusal.require(
                !preferences.patience().isNegative() && preferences.patience().compareTo(Preferences.LONGEST_WAIT) <= 0,
                "it waits for " + preferences.patience());
        Long token = Refusal.orNull(() -> WriteHeaders.fencingToken(request));
        Refusal.require(token == null || token >= 0, "a token: " + token);
        Refusal.orNull(() -> PartitionsQuery.parse(text, Set.of("failing")));
        NearestPaths.hint(text);
        OpenRequest open = Refusal.orNull(() -> OPEN.read(new ByteArrayInputStream(data), "s", "0"));
        Refusal.require(open == null || !open.owner().isBlank(), "nobody owns it");
    }
}

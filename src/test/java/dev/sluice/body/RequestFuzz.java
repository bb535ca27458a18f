package dev.sluice.body;

import dev.sluice.fuzz.Refusal;
import dev.sluice.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.mock.web.MockHttpServletRequest;

/** Bodies that say what is to be done, queries and media types: up to the first NUL a text for each of the latter two. */
public final class RequestFuzz {

    private static final ActBody BODIES = new ActBody(Parsers.LIMITS);
    private static final Set<String> KNOWN = Set.of("reason", "ifVersion", "until", "what", "filter", "state", "flag");

    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        String[] parts = text.split("\0", 3);
        Refusal.orNull(() -> BodyFormat.of(parts[0]));
        Refusal.orNull(() -> WriteQuery.parse(parts[0]));
        Refusal.orNull(() -> Query.text(parts[0], "key", ProblemType.MALFORMED_REQUEST));
        String name = Refusal.orNull(() -> Query.name("key", parts[0], ProblemType.MALFORMED_REQUEST));
        Refusal.require(name == null || name.indexOf('\0') < 0, "a name has what no database stores");
        Refusal.orNull(() -> Query.duration(
                Query.parse(parts[0], Set.of("for"), ProblemType.MALFORMED_REQUEST),
                "for",
                ProblemType.MALFORMED_REQUEST));
        String reason = Refusal.orNull(() -> Reasons.required(parts[0]));
        Refusal.require(reason == null || reason.length() <= Reasons.LONGEST, "a reason is too long");
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
        request.addHeader("Content-Type", "application/json");
        request.setContent(data);
        Refusal.orNull(() -> {
            ActMembers members = BODIES.read(request, KNOWN, "{}");
            Refusal.orNull(members::reason);
            Refusal.orNull(members::ifVersion);
            Refusal.orNull(() -> members.time("until"));
            Refusal.orNull(() -> members.flag("flag"));
            Refusal.orNull(() -> members.string("what", 10));
            Refusal.orNull(() -> members.json("state"));
            Refusal.orNull(() -> members.object("filter", KNOWN));
            return members;
        });
    }
}

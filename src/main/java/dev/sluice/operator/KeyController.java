package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Grant;
import dev.sluice.access.Needs;
import dev.sluice.access.Quotas;
import dev.sluice.access.Verb;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.body.Query;
import dev.sluice.body.Reasons;
import dev.sluice.control.Effect;
import dev.sluice.key.ApiKey;
import dev.sluice.key.Grants;
import dev.sluice.key.KeyActs;
import dev.sluice.key.KeyActs.Done;
import dev.sluice.key.KeyActs.NewKey;
import dev.sluice.key.QuotaTexts;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.quota.Allowances;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Keys: made, listed, changed, rotated and revoked. A key itself is told once, to whoever has it made. */
@RestController
@RequestMapping("/keys")
class KeyController {

    private static final String EXAMPLE = "{\"note\": \"loader of orders\", \"grants\": " + Grants.EXAMPLE + "}";
    private static final String EXAMPLE_OF_CHANGE = "{\"note\": \"loader of orders\", \"grants\": " + Grants.EXAMPLE
            + ", \"quotas\": " + QuotaTexts.EXAMPLE + ", \"reason\": \"it sends too much\"}";
    private static final String EXAMPLE_OF_ROTATION = "{\"overlap\": \"1h\", \"reason\": \"every quarter\"}";
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);
    private static final Duration LONGEST_LIFE = Duration.ofDays(36_525);
    private static final int USUAL_LIMIT = 100;
    private static final int HIGHEST_LIMIT = 1_000;

    /**
     * A key as it is shown.
     *
     * @param key the key itself, only when it is made
     * @param quotas absent where there are none
     * @param refusedHere how often each quota was in the way, at this replica since its start; of a single key only
     * @param effectiveOn how many of the living replicas know of it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record KeyAnswer(
            String id,
            @Nullable String key,
            String note,
            List<Map<String, Object>> grants,
            @Nullable Map<String, Long> quotas,
            long version,
            @Nullable Map<String, Long> refusedHere,
            Instant createdAt,
            String createdBy,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable String effectiveOn,
            @Nullable Long auditId) {

        /* Whatever writes it into a log must not write the key. */
        @Override
        public String toString() {
            return "KeyAnswer[" + id + "]";
        }

        static KeyAnswer of(ApiKey key) {
            return of(key, null, null, null, null);
        }

        static KeyAnswer of(ApiKey key, Map<String, Long> refusedHere) {
            return of(key, refusedHere.isEmpty() ? null : refusedHere, null, null, null);
        }

        static KeyAnswer of(Done done) {
            Effect effect = done.effect();
            return of(done.key(), null, done.text(), effect == null ? null : effect.text(), done.auditId());
        }

        private static KeyAnswer of(
                ApiKey key,
                @Nullable Map<String, Long> refusedHere,
                @Nullable String text,
                @Nullable String effectiveOn,
                @Nullable Long auditId) {
            Map<String, Long> quotas = QuotaTexts.shown(key.quotas());
            return new KeyAnswer(
                    key.id(),
                    text,
                    key.note(),
                    Grants.shown(key.grants()),
                    quotas.isEmpty() ? null : quotas,
                    key.version(),
                    refusedHere,
                    key.createdAt(),
                    key.createdBy(),
                    key.expiresAt(),
                    key.lastUsedAt(),
                    effectiveOn,
                    auditId);
        }
    }

    /**
     * A page of keys that are not revoked.
     *
     * @param wanted whether requests have to say who sends them; if not, these are prepared only
     * @param next the {@code after} of the next page, absent on the last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record KeysAnswer(
            boolean wanted, List<KeyAnswer> keys, @Nullable String next) {}

    private final Access access;
    private final KeyActs acts;
    private final ActBody body;
    private final Allowances allowances;

    KeyController(Access access, KeyActs acts, ActBody body, Allowances allowances) {
        this.access = access;
        this.acts = acts;
        this.body = body;
        this.allowances = allowances;
    }

    @Needs(Verb.ADMIN)
    @GetMapping
    ResponseEntity<KeysAnswer> list(HttpServletRequest request) {
        MultiValueMap<String, String> query =
                Query.parse(request.getQueryString(), Set.of("after", "limit"), ProblemType.MALFORMED_REQUEST);
        String after = query.getFirst("after");
        int limit = limit(query.getFirst("limit"));
        List<ApiKey> found = acts.list(after == null ? "" : after, limit + 1);
        List<ApiKey> page = found.subList(0, Math.min(found.size(), limit));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new KeysAnswer(
                        access.isAsked(),
                        page.stream().map(KeyAnswer::of).toList(),
                        found.size() > page.size() ? page.get(page.size() - 1).id() : null));
    }

    @Needs(Verb.ADMIN)
    @GetMapping("/{id}")
    ResponseEntity<KeyAnswer> get(@PathVariable("id") String id) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(KeyAnswer.of(acts.find(id).orElseThrow(() -> unknown(id)), allowances.refusedTo("key:" + id)));
    }

    @Needs(Verb.ADMIN)
    @PostMapping
    ResponseEntity<KeyAnswer> create(HttpServletRequest request) throws IOException {
        ActMembers members = body.read(request, Set.of("note", "grants", "quotas", "expiresAt"), EXAMPLE);
        Done done = acts.create(wanted(members));
        return answer(
                Audited.with(
                        ResponseEntity.created(URI.create("/keys/" + done.key().id())), done.auditId()),
                done);
    }

    private static NewKey wanted(ActMembers members) {
        String note = members.text("note");
        if (note == null) {
            throw ActBody.malformed("'note' is missing: it says what the key is for, like " + EXAMPLE);
        }
        Instant expiresAt = members.time("expiresAt");
        Instant now = Instant.now();
        if (expiresAt != null && (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LONGEST_LIFE)))) {
            throw ActBody.malformed("'expiresAt' must be ahead, by at most 100 years, but is " + expiresAt);
        }
        String quotas = members.json("quotas");
        return new NewKey(note, grants(members), quotas == null ? Quotas.NONE : QuotaTexts.read(quotas), expiresAt);
    }

    @Needs(Verb.ADMIN)
    @PutMapping("/{id}")
    ResponseEntity<KeyAnswer> change(@PathVariable("id") String id, HttpServletRequest request) throws IOException {
        refuseConfigured(id);
        ActMembers members = body.read(
                request, Set.of("note", "grants", "quotas", "expiresAt", "ifVersion", "reason"), EXAMPLE_OF_CHANGE);
        Done done = acts.change(id, wanted(members), members.ifVersion(), members.reason())
                .orElseThrow(() -> unknown(id));
        return answer(Audited.with(ResponseEntity.ok(), done.auditId()), done);
    }

    @Needs(Verb.ADMIN)
    @PostMapping("/{id}/rotate")
    ResponseEntity<KeyAnswer> rotate(@PathVariable("id") String id, HttpServletRequest request) throws IOException {
        refuseConfigured(id);
        ActMembers members = body.read(request, Set.of("overlap", "reason"), EXAMPLE_OF_ROTATION);
        Done done = acts.rotate(id, overlap(members.text("overlap")), members.reason())
                .orElseThrow(() -> unknown(id));
        return answer(Audited.with(ResponseEntity.ok(), done.auditId()), done);
    }

    @Needs(Verb.ADMIN)
    @DeleteMapping("/{id}")
    ResponseEntity<KeyAnswer> revoke(@PathVariable("id") String id, HttpServletRequest request) {
        refuseConfigured(id);
        MultiValueMap<String, String> query =
                Query.parse(request.getQueryString(), Set.of("reason"), ProblemType.MALFORMED_REQUEST);
        String reason = query.getFirst("reason");
        Done done = acts.revoke(
                        id,
                        reason == null
                                ? null
                                : Reasons.optional(
                                        Query.text("reason=" + reason, "reason", ProblemType.MALFORMED_REQUEST)))
                .orElseThrow(() -> unknown(id));
        return answer(Audited.with(ResponseEntity.ok(), done.auditId()), done);
    }

    private static ResponseEntity<KeyAnswer> answer(ResponseEntity.BodyBuilder answer, Done done) {
        return answer.header(HttpHeaders.CACHE_CONTROL, "no-store")
                .contentType(MediaType.APPLICATION_JSON)
                .body(KeyAnswer.of(done));
    }

    private void refuseConfigured(String id) {
        if (acts.isConfigured(id)) {
            throw Problem.of(
                            ProblemType.READ_ONLY,
                            "this is the administrator's key, which is in a file (sluice.keys.administrator-file): to"
                                    + " change it, exchange the file")
                    .exception();
        }
    }

    private static List<Grant> grants(ActMembers members) {
        String given = members.json("grants");
        return Grants.read(given == null ? "null" : given);
    }

    private static Duration overlap(@Nullable String text) {
        try {
            Duration overlap = text == null ? Duration.ZERO : DurationStyle.detectAndParse(text);
            if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
                throw new IllegalArgumentException(text);
            }
            return overlap;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw ActBody.malformed("'overlap' must be a duration of at most 30d, like 1h, but is \"" + text + "\"");
        }
    }

    private static int limit(@Nullable String text) {
        long limit = text == null ? USUAL_LIMIT : Query.number("limit", text, ProblemType.MALFORMED_REQUEST);
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw ActBody.malformed("limit=" + limit + " is not from 1 to " + HIGHEST_LIMIT);
        }
        return (int) limit;
    }

    private static RuntimeException unknown(String id) {
        return Problem.of(
                        ProblemType.UNKNOWN_KEY, "there is no key '" + id + "', or it is revoked; GET /keys lists them")
                .exception();
    }
}

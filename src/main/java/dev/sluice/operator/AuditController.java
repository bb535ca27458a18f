package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.audit.AuditEntry;
import dev.sluice.audit.AuditPages;
import dev.sluice.audit.AuditPages.Wanted;
import dev.sluice.body.Query;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who has done what: {@code ?sink=&partition=&action=&since=&until=&after=&limit=}, the newest first. */
@RestController
class AuditController {

    private static final Set<String> KNOWN = Set.of("after", "limit", "sink", "partition", "action", "since", "until");
    private static final int USUAL_LIMIT = 100;
    private static final int HIGHEST_LIMIT = 1_000;

    /**
     * A page of the trail.
     *
     * @param next the {@code after} of the next page, absent on the last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuditAnswer(List<AuditEntry> entries, @Nullable Long next) {}

    private final AuditPages pages;

    AuditController(AuditPages pages) {
        this.pages = pages;
    }

    @Needs(Verb.ADMIN)
    @GetMapping("/audit")
    ResponseEntity<AuditAnswer> list(HttpServletRequest request) {
        MultiValueMap<String, String> query =
                Query.parse(request.getQueryString(), KNOWN, ProblemType.MALFORMED_REQUEST);
        int limit = limit(query.getFirst("limit"));
        List<AuditEntry> found = pages.list(new Wanted(
                below(query.getFirst("after")),
                text(query, "sink"),
                text(query, "partition"),
                text(query, "action"),
                time(query, "since"),
                time(query, "until"),
                limit + 1));
        List<AuditEntry> page = found.subList(0, Math.min(found.size(), limit));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new AuditAnswer(
                        page,
                        found.size() > page.size() ? page.get(page.size() - 1).id() : null));
    }

    private static long below(@Nullable String after) {
        return after == null ? Long.MAX_VALUE : Query.number("after", after, ProblemType.MALFORMED_REQUEST);
    }

    private static int limit(@Nullable String text) {
        long limit = text == null ? USUAL_LIMIT : Query.number("limit", text, ProblemType.MALFORMED_REQUEST);
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw malformed("limit=" + limit + " is not from 1 to " + HIGHEST_LIMIT
                    + "; a longer list comes in pages: 'next' of an answer is the 'after' of the next request");
        }
        return (int) limit;
    }

    private static @Nullable String text(MultiValueMap<String, String> query, String name) {
        String text = query.getFirst(name);
        return text == null ? null : Query.name(name, text, ProblemType.MALFORMED_REQUEST);
    }

    private static @Nullable Instant time(MultiValueMap<String, String> query, String name) {
        String text = text(query, name);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw malformed(name + "=" + text + " is no time of ISO 8601 with its zone, like 2026-11-30T03:00:00Z");
        }
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}

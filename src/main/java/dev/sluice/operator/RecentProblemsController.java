package dev.sluice.operator;

import dev.sluice.access.Identity;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.catalog.NearestNames;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.problem.RecentProblems;
import dev.sluice.problem.RecentProblems.OfType;
import dev.sluice.problem.Remembered;
import dev.sluice.request.Work;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this process has refused lately: {@code ?sink=&type=&limit=}. */
@RestController
class RecentProblemsController {

    private static final int USUAL_LIMIT = 100;
    private static final int HIGHEST_LIMIT = 1_000;
    private static final String URI = "/problems/";
    private static final List<Verb> READING = List.of(Verb.READ, Verb.OPERATE);

    /**
     * What was refused.
     *
     * @param since when this process began to remember
     * @param problems the last one first
     */
    record RecentAnswer(Instant since, List<OfType> types, List<Remembered> problems) {}

    private final RecentProblems recent;

    RecentProblemsController(RecentProblems recent) {
        this.recent = recent;
    }

    @Needs({})
    @GetMapping("/problems/recent")
    ResponseEntity<RecentAnswer> recent(HttpServletRequest request) {
        MultiValueMap<String, String> query =
                Query.parse(request.getQueryString(), Set.of("sink", "type", "limit"), ProblemType.MALFORMED_REQUEST);
        String type = type(query.getFirst("type"));
        int limit = limit(query.getFirst("limit"));
        Predicate<@Nullable String> shown = shown(query.getFirst("sink"));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new RecentAnswer(recent.since(), recent.types(shown, type), recent.last(shown, type, limit)));
    }

    /* What is about no sink may be about any. */
    private static Predicate<@Nullable String> shown(@Nullable String wanted) {
        Identity sender = Work.currentSender();
        return sink -> (wanted == null || wanted.equals(sink))
                && (sink == null ? sender.mayEverywhere(READING) : sender.may(sink, READING));
    }

    private static @Nullable String type(@Nullable String given) {
        if (given == null) {
            return null;
        }
        String slug = given.startsWith(URI) ? given.substring(URI.length()) : given;
        List<String> known =
                Arrays.stream(ProblemType.values()).map(ProblemType::slug).toList();
        if (!known.contains(slug)) {
            throw malformed("there is no problem type '" + slug + "'" + NearestNames.hint(slug, known));
        }
        return slug;
    }

    private static int limit(@Nullable String text) {
        long limit = text == null ? USUAL_LIMIT : Query.number("limit", text, ProblemType.MALFORMED_REQUEST);
        if (limit > HIGHEST_LIMIT) {
            throw malformed("limit=" + limit + " is not from 0 to " + HIGHEST_LIMIT + ": no more are remembered");
        }
        return (int) limit;
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}

package dev.sluice.history;

import dev.sluice.access.Identity;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.UnusableSink;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The last hour of sinks: {@code ?points=}, and of several {@code ?sinks=a,b}. */
@RestController
class HistoryController {

    private static final List<Verb> READING = List.of(Verb.READ, Verb.OPERATE);
    private static final ProblemType MALFORMED = ProblemType.MALFORMED_REQUEST;
    private static final String POINTS = "points";
    private static final String SINKS = "sinks";

    /**
     * The history of sinks.
     *
     * @param end of the last step; each point is a step later than the one before
     */
    record HistoryAnswer(Instant end, long stepSeconds, List<SinkHistory> sinks) {}

    private final Histories histories;
    private final SinkCatalog catalog;
    private final Access access;

    HistoryController(Histories histories, SinkCatalog catalog, Access access) {
        this.histories = histories;
        this.catalog = catalog;
        this.access = access;
    }

    @Needs({})
    @GetMapping("/history")
    ResponseEntity<HistoryAnswer> all(HttpServletRequest request) {
        MultiValueMap<String, String> query = Query.parse(request.getQueryString(), Set.of(SINKS, POINTS), MALFORMED);
        String named = query.getFirst(SINKS);
        Set<String> wanted = named == null
                ? Set.of()
                : Set.copyOf(Arrays.asList(Query.name(SINKS, named, MALFORMED).split(",", -1)));
        Identity sender = Work.currentSender();
        Set<String> shown = catalog.all().stream()
                .map(SinkDefinition::id)
                .filter(sink -> (named == null || wanted.contains(sink)) && sender.may(sink, READING))
                .collect(Collectors.toSet());
        return answer(shown, query.getFirst(POINTS));
    }

    /* Where the session's cookie counts, too: charts ask for it again and again. */
    @Needs({Verb.READ, Verb.OPERATE})
    @GetMapping({"/sinks/{sink}/history", "/console/sinks/{sink}/history"})
    ResponseEntity<HistoryAnswer> one(@PathVariable("sink") String sink, HttpServletRequest request) {
        if (Stream.concat(
                        catalog.all().stream().map(SinkDefinition::id),
                        catalog.unusable().stream().map(UnusableSink::id))
                .noneMatch(sink::equals)) {
            throw access.unknown(sink).exception();
        }
        MultiValueMap<String, String> query = Query.parse(request.getQueryString(), Set.of(POINTS), MALFORMED);
        return answer(Set.of(sink), query.getFirst(POINTS));
    }

    private ResponseEntity<HistoryAnswer> answer(Set<String> sinks, @Nullable String points) {
        long count = points == null ? Series.POINTS : Query.number(POINTS, points, MALFORMED);
        if (count < 1 || count > Series.POINTS) {
            throw Problem.of(MALFORMED, "points=" + count + " is not from 1 to " + Series.POINTS + ": no more are kept")
                    .exception();
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new HistoryAnswer(
                        histories.end(), histories.step().toSeconds(), histories.of(sinks, (int) count)));
    }
}

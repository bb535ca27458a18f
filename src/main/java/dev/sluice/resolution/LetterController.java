package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import dev.sluice.resolution.LetterPages.Place;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Dead letters to look at. */
@RestController
@RequestMapping("/sinks/{sink}")
class LetterController {

    private static final int EXPORTED_AT_A_TIME = 20;

    /**
     * A page of dead letters.
     *
     * @param next the {@code from} of the next page, null on the last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LettersAnswer(
            String sink,
            List<DeadLetter> deadLetters,
            @Nullable String next) {}

    /**
     * Dead letters by what is wrong with them.
     *
     * @param count of all groups together
     */
    record GroupsAnswer(String sink, long count, List<LetterGroup> groups) {}

    private final Access access;
    private final LetterAddress address;
    private final LetterPages pages;
    private final JsonMapper json;

    LetterController(Access access, LetterAddress address, LetterPages pages, JsonMapper json) {
        this.access = access;
        this.address = address;
        this.pages = pages;
        this.json = json;
    }

    @Needs(Verb.RECORDS)
    @GetMapping("/dead-letters")
    ResponseEntity<LettersAnswer> list(@PathVariable("sink") String sink, HttpServletRequest request) {
        address.sink(sink);
        LettersQuery query = LettersQuery.parse(request.getQueryString());
        List<DeadLetter> found = pages.list(sink, query.filter(), query.from(), query.limit() + 1);
        List<DeadLetter> page = found.subList(0, Math.min(found.size(), query.limit()));
        String next = null;
        if (found.size() > page.size()) {
            DeadLetter first = found.get(page.size());
            next = new Place(first.partition(), first.offset()).toString();
        }
        return json(new LettersAnswer(sink, page, next));
    }

    @Needs({Verb.RECORDS, Verb.OPERATE})
    @GetMapping("/dead-letters/groups")
    ResponseEntity<GroupsAnswer> groups(@PathVariable("sink") String sink, HttpServletRequest request) {
        address.sink(sink);
        LettersQuery query = LettersQuery.parse(request.getQueryString());
        // A message of the database may quote the record.
        boolean quotes = Work.currentSender().may(sink, Verb.RECORDS);
        List<LetterGroup> groups = pages.groups(sink, query.filter()).stream()
                .map(group -> quotes ? group : group.withoutMessage())
                .toList();
        return json(new GroupsAnswer(
                sink, groups.stream().mapToLong(LetterGroup::count).sum(), groups));
    }

    @Needs(Verb.RECORDS)
    @GetMapping("/partitions/{partition}/dead-letters/{offset}")
    ResponseEntity<DeadLetter> letter(
            @PathVariable("sink") String id,
            @PathVariable("partition") String partition,
            @PathVariable("offset") String offset) {
        SinkDefinition sink = address.sink(id);
        DeadLetter letter =
                address.letter(sink, partition, Query.number("offset", offset, ProblemType.MALFORMED_REQUEST));
        return ResponseEntity.ok()
                .eTag(letter.etag())
                .contentType(MediaType.APPLICATION_JSON)
                .body(letter);
    }

    /** Writes all dead letters that match, one a line, without holding more than a page of them. */
    @Needs(Verb.RECORDS)
    @GetMapping("/dead-letters.ndjson")
    void export(@PathVariable("sink") String sink, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        address.sink(sink);
        LettersQuery query = LettersQuery.parse(request.getQueryString());
        List<DeadLetter> page = pages.listWhole(sink, query.filter(), query.from(), EXPORTED_AT_A_TIME);
        response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
        OutputStream out = response.getOutputStream();
        while (!page.isEmpty() && access.isStillGranted(sink, Verb.RECORDS, request)) {
            for (DeadLetter letter : page) {
                out.write(line(letter).getBytes(StandardCharsets.UTF_8));
            }
            DeadLetter last = page.get(page.size() - 1);
            page = pages.listWhole(
                    sink, query.filter(), new Place(last.partition(), last.offset() + 1), EXPORTED_AT_A_TIME);
        }
    }

    /* JSON may have raw line feeds between its tokens, and nowhere else. */
    private String line(DeadLetter letter) {
        return json.writeValueAsString(letter).replace('\n', ' ').replace('\r', ' ') + "\n";
    }

    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}

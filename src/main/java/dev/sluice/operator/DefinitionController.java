package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.body.Reasons;
import dev.sluice.catalog.DefinitionChanges;
import dev.sluice.catalog.DefinitionChanges.Deleted;
import dev.sluice.catalog.DefinitionChanges.Put;
import dev.sluice.catalog.DefinitionChanges.Tried;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.UnusableSink;
import dev.sluice.control.ControlAnswer;
import dev.sluice.operator.DefinitionBody.Sampled;
import dev.sluice.partition.SinkTotals;
import dev.sluice.problem.ProblemType;
import dev.sluice.security.Access;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What there is to write to: looked at, put and deleted. */
@RestController
@RequestMapping("/sinks")
class DefinitionController {

    private static final String REASON = "reason";

    /**
     * A page of sinks.
     *
     * @param next the {@code from} of the next page, absent on the last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SinksAnswer(List<SinkAnswer> sinks, @Nullable String next) {}

    /**
     * A sink that was deleted with something that its writers count on.
     *
     * @param discardedRecords that were acknowledged and had not reached the target
     */
    record DeletedAnswer(String sink, long discardedRecords) {}

    private final Access access;
    private final SinkCatalog catalog;
    private final DefinitionChanges changes;
    private final DefinitionBody body;
    private final SinkStatus status;
    private final Controls controls;
    private final SinkList list;
    private final SinkTotals totals;

    DefinitionController(
            Access access,
            SinkCatalog catalog,
            DefinitionChanges changes,
            DefinitionBody body,
            SinkStatus status,
            Controls controls,
            SinkList list,
            SinkTotals totals) {
        this.access = access;
        this.catalog = catalog;
        this.changes = changes;
        this.body = body;
        this.status = status;
        this.controls = controls;
        this.list = list;
        this.totals = totals;
    }

    @Needs({})
    @GetMapping
    ResponseEntity<SinksAnswer> sinks(HttpServletRequest request) {
        SinkList.Page page = list.page(SinksQuery.parse(request.getQueryString(), list.states()));
        return json(HttpStatus.OK, new SinksAnswer(page.sinks(), page.next()));
    }

    @Needs({Verb.READ, Verb.DEFINE, Verb.OPERATE})
    @GetMapping("/{sink}")
    ResponseEntity<SinkAnswer> sink(@PathVariable("sink") String id) {
        Optional<UnusableSink> unusable = unusable(id);
        if (unusable.isPresent()) {
            return json(HttpStatus.OK, SinkAnswer.of(unusable.get()));
        }
        SinkDefinition sink =
                catalog.find(id).orElseThrow(() -> access.unknown(id).exception());
        List<ControlAnswer> paused = controls.of(id);
        return json(
                HttpStatus.OK,
                SinkAnswer.of(sink, status.of(sink), false)
                        .with(totals.of(sink))
                        .with(paused, paused == null ? null : controls.effectiveOn()));
    }

    @Needs(Verb.DEFINE)
    @PutMapping("/{sink}")
    ResponseEntity<SinkAnswer> put(@PathVariable("sink") String id, HttpServletRequest request) throws IOException {
        MultiValueMap<String, String> query = query(request, "dryRun");
        String reason = reason(query);
        boolean dryRun = flag(query, "dryRun");
        if (!dryRun) {
            Put put = changes.put(id, body.read(request), reason);
            HttpStatus done = put.created() ? HttpStatus.CREATED : HttpStatus.OK;
            return Audited.with(ResponseEntity.status(done), put.auditId())
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(SinkAnswer.of(put.sink(), status.of(put.sink()), false));
        }
        Sampled sampled = body.readSampled(request);
        Tried tried = changes.tryOut(id, sampled.settings(), sampled.samples());
        SinkAnswer answer = SinkAnswer.of(tried.sink(), status.of(tried.sink()), true);
        return json(
                HttpStatus.OK,
                sampled.samples().isEmpty()
                        ? answer
                        : answer.with(
                                tried.samples().stream().map(SampleAnswer::of).toList()));
    }

    @Needs(Verb.DEFINE)
    @DeleteMapping("/{sink}")
    ResponseEntity<?> delete(@PathVariable("sink") String id, HttpServletRequest request) {
        MultiValueMap<String, String> query = query(request, "force");
        Deleted deleted = changes.delete(id, flag(query, "force"), reason(query));
        return deleted.discarded() == 0
                ? Audited.with(ResponseEntity.status(HttpStatus.NO_CONTENT), deleted.auditId())
                        .build()
                : Audited.with(ResponseEntity.ok(), deleted.auditId())
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(new DeletedAnswer(id, deleted.discarded()));
    }

    private Optional<UnusableSink> unusable(String id) {
        return catalog.unusable().stream().filter(sink -> sink.id().equals(id)).findFirst();
    }

    private static MultiValueMap<String, String> query(HttpServletRequest request, String flag) {
        return Query.parse(request.getQueryString(), Set.of(flag, REASON), ProblemType.MALFORMED_REQUEST);
    }

    private static @Nullable String reason(MultiValueMap<String, String> query) {
        String reason = query.getFirst(REASON);
        return reason == null
                ? null
                : Reasons.optional(Query.text(REASON + "=" + reason, REASON, ProblemType.MALFORMED_REQUEST));
    }

    private static boolean flag(MultiValueMap<String, String> query, String name) {
        return Query.flag(query, name, ProblemType.MALFORMED_REQUEST);
    }

    private static <T> ResponseEntity<T> json(HttpStatus status, T answer) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(answer);
    }
}

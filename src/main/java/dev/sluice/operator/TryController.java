package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.body.ActBody;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.ingest.Addressing;
import dev.sluice.request.Work;
import dev.sluice.sink.RetryingSink;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Ends the wait between two tries of a delivery, at this replica. */
@RestController
class TryController {

    private static final List<Verb> OPERATE = List.of(Verb.OPERATE);

    /**
     * What does not wait any more.
     *
     * @param sinks the sink, and those that it hands on to
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TryAnswer(
            String sink, List<String> sinks, @Nullable Long auditId) {}

    private final Addressing addressing;
    private final SinkCatalog catalog;
    private final ActBody body;
    private final AuditTrail trail;
    private final TransactionTemplate transactions;

    TryController(
            Addressing addressing,
            SinkCatalog catalog,
            ActBody body,
            AuditTrail trail,
            TransactionTemplate transactions) {
        this.addressing = addressing;
        this.catalog = catalog;
        this.body = body;
        this.trail = trail;
        this.transactions = transactions;
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/sinks/{sink}/deliveries/try")
    ResponseEntity<TryAnswer> tryNow(@PathVariable("sink") String id, HttpServletRequest request) throws IOException {
        String reason = body.read(request, Set.of("reason"), "{\"reason\": \"the target is back\"}")
                .reason();
        SinkDefinition sink = addressing.sink(id);
        List<SinkDefinition> waiting = chain(sink)
                .filter(part -> part.sink() instanceof RetryingSink)
                .distinct()
                .filter(part -> part.id().equals(id) || Work.currentSender().may(part.id(), OPERATE))
                .toList();
        if (waiting.isEmpty()) {
            throw ActBody.malformed("the sink '" + id + "' is of type " + sink.type()
                    + ", which waits for nothing between tries: its writers try again");
        }
        List<String> sinks = waiting.stream().map(SinkDefinition::id).toList();
        Long audited = Objects.requireNonNull(transactions.execute(
                status -> trail.add(new Act("delivery-try", id, null, null, null, sinks, reason))));
        waiting.forEach(part -> ((RetryingSink) part.sink()).tryNow());
        return Audited.with(ResponseEntity.ok(), audited)
                .contentType(MediaType.APPLICATION_JSON)
                .body(new TryAnswer(id, sinks, audited));
    }

    /* No sink hands on to itself, by whatever way. */
    private Stream<SinkDefinition> chain(SinkDefinition sink) {
        return Stream.concat(
                Stream.of(sink),
                sink.targets().stream()
                        .flatMap(target -> catalog.find(target).stream())
                        .flatMap(this::chain));
    }
}

package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.body.BatchParser;
import dev.sluice.body.BodyFormat;
import dev.sluice.body.Decompression;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.Stores;
import dev.sluice.commit.Transactions;
import dev.sluice.operator.Audited;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.resolution.LetterRows.Choice;
import dev.sluice.resolution.Replays.By;
import dev.sluice.resolution.Replays.Outcome;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What can be done about one dead letter. */
@RestController
@RequestMapping("/sinks/{sink}/partitions/{partition}/dead-letters/{offset}")
class LetterActs {

    private static final Pattern ETAG = Pattern.compile("\"\\d+-[0-9a-f]+\"");
    private static final String EXAMPLE = "{\"reason\": \"the constraint is mended\"}";

    /**
     * What became of it.
     *
     * @param dryRun true if nothing was changed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LetterAnswer(
            String sink,
            String partition,
            long offset,
            String state,
            int revision,
            @Nullable Boolean dryRun) {}

    private final LetterAddress address;
    private final LetterRows rows;
    private final Replays replays;
    private final Stores stores;
    private final Transactions transactions;
    private final AuditTrail audit;
    private final BatchParser parser;
    private final ActBody body;

    LetterActs(
            LetterAddress address,
            LetterRows rows,
            Replays replays,
            Stores stores,
            Transactions transactions,
            AuditTrail audit,
            BatchParser parser,
            ActBody body) {
        this.address = address;
        this.rows = rows;
        this.replays = replays;
        this.stores = stores;
        this.transactions = transactions;
        this.audit = audit;
        this.parser = parser;
        this.body = body;
    }

    /** Takes another record in its place, if the target would take that. */
    @Needs(Verb.OPERATE)
    @PutMapping
    ResponseEntity<?> edit(
            @PathVariable("sink") String id,
            @PathVariable("partition") String partition,
            @PathVariable("offset") String offsetText,
            HttpServletRequest request)
            throws IOException {
        boolean dryRun = ActBody.dryRun(request);
        SinkDefinition sink = address.replayable(id, true);
        long offset = offset(offsetText);
        requireIfMatch(request);
        byte[] record = record(request);
        DeadLetter letter = open(address.letter(sink, partition, offset));
        requireSeen(letter, request);
        PartitionKey key = new PartitionKey(id, partition);
        List<RejectedRecord> refused = replays.trial(key, List.of(new SinkRecord(offset, record)));
        if (!refused.isEmpty()) {
            throw refused(letter, refused.get(0)).exception();
        }
        if (dryRun) {
            return answer(letter, letter.state(), letter.revision(), true, null);
        }
        Caller caller = Caller.current();
        long auditId = edit(key, letter, record, caller);
        if (auditId < 0) {
            throw changed(address.letter(sink, partition, offset)).exception();
        }
        return answer(letter, letter.state(), letter.revision() + 1, false, auditId);
    }

    /* Negative where somebody was faster. */
    private long edit(PartitionKey key, DeadLetter letter, byte[] record, Caller caller) {
        try {
            return transactions.run(false, connection -> {
                stores.snapshots().lock(key);
                if (!rows.edit(key, letter, record, caller.actor(), null)) {
                    return -1L;
                }
                Map<String, Object> what = Map.of("offset", letter.offset(), "bytes", record.length);
                return audit.add(
                        new Act("dead-letter-edit", key.sink(), key.partition(), what, null, null, null), caller);
            });
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/replay")
    ResponseEntity<?> replay(
            @PathVariable("sink") String id,
            @PathVariable("partition") String partition,
            @PathVariable("offset") String offsetText,
            HttpServletRequest request)
            throws IOException {
        ActMembers members = body.read(request, Set.of(Bodies.REASON, Bodies.OVERWRITE, Bodies.REVISION), EXAMPLE);
        boolean dryRun = ActBody.dryRun(request);
        By by = new By(Caller.current(), members.reason());
        SinkDefinition sink = address.replayable(id, members.flag(Bodies.OVERWRITE));
        DeadLetter letter = open(address.letter(sink, partition, offset(offsetText)));
        requireRevision(letter, members.number(Bodies.REVISION));
        requireSeen(letter, request);
        PartitionKey key = new PartitionKey(id, partition);
        if (dryRun) {
            String record = letter.edited() == null ? letter.record() : letter.edited();
            byte[] bytes = String.valueOf(record).getBytes(StandardCharsets.UTF_8);
            List<RejectedRecord> refused = replays.trial(key, List.of(new SinkRecord(letter.offset(), bytes)));
            if (!refused.isEmpty()) {
                throw refused(letter, refused.get(0)).exception();
            }
            return answer(letter, LetterState.REPLAYED.text(), letter.revision() + 1, true, null);
        }
        Outcome outcome = replays.replay(sink, key, only(letter), by, (done, connection) -> {});
        if (!outcome.refused().isEmpty()) {
            throw refused(letter, outcome.refused().get(0)).exception();
        }
        return settled(sink, letter, outcome, LetterState.REPLAYED);
    }

    @Needs(Verb.OPERATE)
    @PostMapping("/discard")
    ResponseEntity<?> discard(
            @PathVariable("sink") String id,
            @PathVariable("partition") String partition,
            @PathVariable("offset") String offsetText,
            HttpServletRequest request)
            throws IOException {
        ActMembers members = body.read(request, Set.of(Bodies.REASON, Bodies.REVISION), EXAMPLE);
        boolean dryRun = ActBody.dryRun(request);
        By by = new By(Caller.current(), members.reason());
        SinkDefinition sink = address.sink(id);
        DeadLetter letter = open(address.letter(sink, partition, offset(offsetText)));
        requireRevision(letter, members.number(Bodies.REVISION));
        requireSeen(letter, request);
        if (letter.state().equals(LetterState.SENDING.text())) {
            throw changed(letter).exception();
        }
        if (dryRun) {
            return answer(letter, LetterState.DISCARDED.text(), letter.revision() + 1, true, null);
        }
        Outcome outcome = replays.discard(new PartitionKey(id, partition), only(letter), by, (done, connection) -> {});
        return settled(sink, letter, outcome, LetterState.DISCARDED);
    }

    private static Choice only(DeadLetter letter) {
        return new Choice(
                LetterFilter.OPEN,
                letter.offset(),
                letter.offset() + 1,
                letter.revision(),
                letter.refusedAt(),
                List.of(),
                1);
    }

    /* Of those that try at once one succeeds, and the others are told. */
    private ResponseEntity<?> settled(SinkDefinition sink, DeadLetter letter, Outcome outcome, LetterState state) {
        if (!outcome.done().equals(List.of(letter.offset()))) {
            throw changed(address.letter(sink, letter.partition(), letter.offset()))
                    .exception();
        }
        int revision = address.letter(sink, letter.partition(), letter.offset()).revision();
        return answer(letter, state.text(), revision, false, outcome.auditId());
    }

    private static ResponseEntity<?> answer(
            DeadLetter letter, String state, int revision, boolean dryRun, @Nullable Long auditId) {
        return Audited.with(ResponseEntity.ok(), auditId)
                .eTag(letter.etag(revision))
                .contentType(MediaType.APPLICATION_JSON)
                .body(new LetterAnswer(
                        letter.sink(), letter.partition(), letter.offset(), state, revision, dryRun ? true : null));
    }

    private byte[] record(HttpServletRequest request) throws IOException {
        if (BodyFormat.of(request.getContentType()) != BodyFormat.JSON) {
            throw Problem.of(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "the body is the record as it should be, one JSON value, Content-Type: application/json")
                    .exception();
        }
        try (InputStream body = Decompression.of(
                request.getInputStream(),
                request.getContentLengthLong(),
                request.getHeader(HttpHeaders.CONTENT_ENCODING),
                parser.limits())) {
            return parser.parseRecord(body);
        }
    }

    private static long offset(String text) {
        return Query.number("offset", text, ProblemType.MALFORMED_REQUEST);
    }

    private static void requireIfMatch(HttpServletRequest request) {
        if (request.getHeader(HttpHeaders.IF_MATCH) == null) {
            throw ActBody.malformed("the header If-Match is missing: it names what was edited, by the ETag of GET as it"
                    + " is, like If-Match: \"0-6453b1ae2c9f1\"");
        }
    }

    /* A revision comes again after a rewind, when another record is refused at the offset. */
    private static void requireSeen(DeadLetter letter, HttpServletRequest request) {
        String seen = request.getHeader(HttpHeaders.IF_MATCH);
        if (seen != null && !ETAG.matcher(seen).matches()) {
            throw ActBody.malformed(
                    "If-Match: " + seen + " is not the ETag of a dead letter; take it from GET as it is,"
                            + " with its quotes, like \"" + letter.etag() + "\"");
        }
        if (seen != null && !seen.equals("\"" + letter.etag() + "\"")) {
            throw changed(letter).exception();
        }
    }

    private static void requireRevision(DeadLetter letter, @Nullable Long revision) {
        if (revision != null && revision != letter.revision()) {
            throw changed(letter).exception();
        }
    }

    private static DeadLetter open(DeadLetter letter) {
        if (!letter.state().equals(LetterState.OPEN.text()) && !letter.state().equals(LetterState.SENDING.text())) {
            throw changed(letter).exception();
        }
        return letter;
    }

    private static Problem changed(DeadLetter letter) {
        return Problem.of(
                        ProblemType.DEAD_LETTER_CHANGED,
                        "the dead letter is " + letter.state() + " at revision " + letter.revision()
                                + (letter.changedBy() == null ? "" : ", by " + letter.changedBy())
                                + (letter.changedAt() == null ? "" : " at " + letter.changedAt())
                                + "; nothing was changed. Look at it again before you go on")
                .with("sink", letter.sink())
                .with("partition", letter.partition())
                .with("offset", letter.offset())
                .with("state", letter.state())
                .with("revision", letter.revision());
    }

    private static Problem refused(DeadLetter letter, RejectedRecord why) {
        return Problem.of(
                        ProblemType.RECORD_REJECTED,
                        "the target refuses the record: " + why.message() + "; nothing was written, and the dead letter"
                                + " stays as it is. Edit it, or change the target")
                .with("sink", letter.sink())
                .with("partition", letter.partition())
                .with("rejected", List.of(why))
                .with("complete", true);
    }
}

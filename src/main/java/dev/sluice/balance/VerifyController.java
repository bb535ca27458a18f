package dev.sluice.balance;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.balance.Verification.VerifyAnswer;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.ingest.Addressing;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.snapshot.PartitionKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Compares a target with its receipts on request; changes nothing. */
@RestController
@RequestMapping("/sinks/{sink}/partitions/{partition}/verify")
class VerifyController {

    private static final Logger log = LoggerFactory.getLogger(VerifyController.class);

    private static final long MOST = 1_000_000;
    private static final String EXAMPLE = "{\"from\": 0, \"to\": 1000000}";

    private final Addressing addressing;
    private final ReadTransactions transactions;
    private final Verification verification;
    private final JsonMapper json;

    VerifyController(Addressing addressing, ReadTransactions transactions, Verification verification, JsonMapper json) {
        this.addressing = addressing;
        this.transactions = transactions;
        this.verification = verification;
        this.json = json;
    }

    @Needs(Verb.OPERATE)
    @PostMapping
    void verify(
            @PathVariable("sink") String id,
            @PathVariable("partition") String partition,
            @RequestBody Map<String, Object> body,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Query.parse(request.getQueryString(), Set.of(), ProblemType.MALFORMED_REQUEST);
        SinkDefinition sink = addressing.partitionedWith(id, partition);
        body.keySet().stream()
                .filter(name -> !Set.of("from", "to").contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw malformed("there is no member '" + name + "'; it is to be like " + EXAMPLE);
                });
        long from = number(body, "from");
        long to = number(body, "to");
        if (to <= from || to - from > MOST) {
            throw malformed("'to' is above 'from', by at most " + MOST + " offsets at once, but they are " + from
                    + " and " + to + "; ask for one range after the other");
        }
        verification.require(sink);
        PartitionKey key = new PartitionKey(id, partition);
        Waiting client = new Waiting(response);
        try {
            VerifyAnswer answer =
                    transactions.runLong(connection -> verification.of(sink, key, from, to, connection, client::tick));
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write(json.writeValueAsBytes(answer));
        } catch (AbandonedException e) {
            log.debug("Nobody waits for the comparison of {} any more, so it was ended", key, e);
        }
    }

    private static long number(Map<String, Object> body, String name) {
        Object value = body.get(name);
        if (value instanceof String digits) {
            return Query.number(name, digits, ProblemType.MALFORMED_REQUEST);
        }
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw malformed("'" + name + "' is a whole number from 0 on; the body is to be like " + EXAMPLE);
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}

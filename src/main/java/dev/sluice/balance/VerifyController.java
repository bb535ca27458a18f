package dev.sluice.balance;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.balance.Verification.VerifyAnswer;
import dev.sluice.body.ActBody;
import dev.sluice.body.ActMembers;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.ingest.Addressing;
import dev.sluice.problem.ProblemType;
import dev.sluice.snapshot.PartitionKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
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
    private final ActBody body;

    VerifyController(
            Addressing addressing,
            ReadTransactions transactions,
            Verification verification,
            JsonMapper json,
            ActBody body) {
        this.addressing = addressing;
        this.transactions = transactions;
        this.verification = verification;
        this.json = json;
        this.body = body;
    }

    @Needs(Verb.OPERATE)
    @PostMapping
    void verify(
            @PathVariable("sink") String id,
            @PathVariable("partition") String partition,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Query.parse(request.getQueryString(), Set.of(), ProblemType.MALFORMED_REQUEST);
        SinkDefinition sink = addressing.partitionedWith(id, partition);
        ActMembers members = body.read(request, Set.of("from", "to"), EXAMPLE);
        long from = members.required("from", "the first offset to compare");
        long to = members.required("to", "the end of what is to be compared");
        if (to <= from || to - from > MOST) {
            throw ActBody.malformed("'to' is above 'from', by at most " + MOST + " offsets at once, but they are "
                    + from + " and " + to + "; ask for one range after the other");
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
}

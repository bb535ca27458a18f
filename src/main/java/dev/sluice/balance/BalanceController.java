package dev.sluice.balance;

import dev.sluice.access.Needs;
import dev.sluice.access.Verb;
import dev.sluice.body.Query;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.ingest.Addressing;
import dev.sluice.problem.ProblemType;
import dev.sluice.snapshot.PartitionKey;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.Connection;
import java.util.Set;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Balances to look at. */
@RestController
@RequestMapping("/sinks/{sink}")
class BalanceController {

    private static final String TARGET = "target";
    private static final String RECEIPTS = "receipts";

    private final Addressing addressing;
    private final ReadTransactions transactions;
    private final PartitionBalance partitionBalance;
    private final SinkBalance sinkBalance;

    BalanceController(
            Addressing addressing,
            ReadTransactions transactions,
            PartitionBalance partitionBalance,
            SinkBalance sinkBalance) {
        this.addressing = addressing;
        this.transactions = transactions;
        this.partitionBalance = partitionBalance;
        this.sinkBalance = sinkBalance;
    }

    @Needs(Verb.READ)
    @GetMapping("/partitions/{partition}/balance")
    ResponseEntity<BalanceAnswer> ofPartition(
            @PathVariable("sink") String id, @PathVariable("partition") String partition, HttpServletRequest request) {
        boolean target = Query.flag(query(request, Set.of(TARGET)), TARGET, ProblemType.MALFORMED_REQUEST);
        SinkDefinition sink = addressing.partitionedWith(id, partition);
        PartitionKey key = new PartitionKey(id, partition);
        return answer(target, connection -> partitionBalance.of(sink, key, target, connection));
    }

    @Needs(Verb.READ)
    @GetMapping("/balance")
    ResponseEntity<BalanceAnswer> ofSink(@PathVariable("sink") String id, HttpServletRequest request) {
        MultiValueMap<String, String> query = query(request, Set.of(TARGET, RECEIPTS));
        boolean target = Query.flag(query, TARGET, ProblemType.MALFORMED_REQUEST);
        boolean receipts = Query.flag(query, RECEIPTS, ProblemType.MALFORMED_REQUEST);
        SinkDefinition sink = addressing.partitioned(id);
        return answer(target || receipts, connection -> sinkBalance.of(sink, receipts, target, connection));
    }

    private static MultiValueMap<String, String> query(HttpServletRequest request, Set<String> known) {
        return Query.parse(request.getQueryString(), known, ProblemType.MALFORMED_REQUEST);
    }

    private ResponseEntity<BalanceAnswer> answer(boolean mayBeLong, Function<Connection, BalanceAnswer> count) {
        BalanceAnswer answer = mayBeLong ? transactions.runLong(count) : transactions.run(count);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(answer);
    }
}

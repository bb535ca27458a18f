package dev.sluice.balance;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.snapshot.PartitionKey;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.Connection;
import java.util.Set;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
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

    private final SinkPath path;
    private final ReadTransactions transactions;
    private final PartitionBalance partitionBalance;
    private final SinkBalance sinkBalance;

    BalanceController(
            SinkPath path, ReadTransactions transactions, PartitionBalance partitionBalance, SinkBalance sinkBalance) {
        this.path = path;
        this.transactions = transactions;
        this.partitionBalance = partitionBalance;
        this.sinkBalance = sinkBalance;
    }

    @GetMapping("/partitions/{partition}/balance")
    ResponseEntity<BalanceAnswer> ofPartition(
            @PathVariable("sink") String id, @PathVariable("partition") String partition, HttpServletRequest request) {
        boolean target = SinkPath.flags(request, Set.of(TARGET)).contains(TARGET);
        SinkDefinition sink = path.sink(id, partition);
        PartitionKey key = new PartitionKey(id, partition);
        return answer(target, connection -> partitionBalance.of(sink, key, target, connection));
    }

    @GetMapping("/balance")
    ResponseEntity<BalanceAnswer> ofSink(@PathVariable("sink") String id, HttpServletRequest request) {
        Set<String> flags = SinkPath.flags(request, Set.of(TARGET, RECEIPTS));
        boolean target = flags.contains(TARGET);
        boolean receipts = flags.contains(RECEIPTS);
        SinkDefinition sink = path.sink(id, null);
        return answer(target || receipts, connection -> sinkBalance.of(sink, receipts, target, connection));
    }

    private ResponseEntity<BalanceAnswer> answer(boolean mayBeLong, Function<Connection, BalanceAnswer> count) {
        BalanceAnswer answer = mayBeLong ? transactions.runLong(count) : transactions.run(count);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(answer);
    }
}

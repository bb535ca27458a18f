package dev.sluice.bench.question;

import dev.sluice.bench.result.Goal;
import java.util.List;

/** All questions, in the order in which they are asked. */
public final class Questions {

    private Questions() {}

    public static List<Question> all() {
        return List.of(
                new BatchesQuestion("large-batches", 10_000, Goal.atLeast(0.85)),
                new BatchesQuestion("medium-batches", 1_000, Goal.atLeast(0.7)),
                new SingleRecordsQuestion(),
                new HotPartitionQuestion(),
                new NaiveQuestion(),
                new ReplayQuestion(),
                new ReceiptsCostQuestion(),
                new LatencyQuestion(),
                new OverloadQuestion(),
                new NeighboursQuestion(),
                new ManyPartitionsQuestion(),
                new LargeTableQuestion(),
                new MemoryQuestion(),
                new StartQuestion(),
                new ProtocolsQuestion(),
                new KafkaConnectQuestion());
    }
}

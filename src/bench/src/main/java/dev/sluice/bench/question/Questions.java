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
                new LoneQuestion(),
                new FilesQuestion("file-records", 1, Goal.atLeast(0.7)),
                new FilesQuestion("file-batches", 1_000, Goal.none()),
                new CallsQuestion("http-records", 1, Goal.atLeast(0.5), Goal.none()),
                new CallsQuestion("http-batches", 1_000, Goal.none(), Goal.atLeast(0.4)),
                new BufferedQuestion(),
                new FanoutQuestion(),
                new AnyOrderQuestion(),
                new KeyedQuestion(),
                new TypedQuestion("columns", 10_000, Goal.atLeast(1.5), Goal.atLeast(1)),
                new TypedQuestion("columns-medium", 1_000, Goal.none(), Goal.atLeast(0.8)),
                new TypedRecordsQuestion(),
                new UpsertQuestion(),
                new HangingTargetQuestion(),
                new ManyPartitionsQuestion(),
                new LargeTableQuestion(),
                new MemoryQuestion(),
                new StartQuestion(),
                new ProtocolsQuestion(),
                new DeadLettersQuestion(),
                new ListsQuestion(),
                new TabsQuestion(),
                new TelemetryQuestion(),
                new KeysQuestion(),
                new BeforeQuestion(),
                new KafkaConnectQuestion(),
                new KafkaConnectUpsertQuestion());
    }
}

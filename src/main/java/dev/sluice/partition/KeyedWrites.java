package dev.sluice.partition;

import dev.sluice.batch.Batch;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.BatchEntry;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.Lane;
import dev.sluice.commit.Lanes;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.Refusals;
import dev.sluice.commit.SpanningCommit;
import dev.sluice.commit.SpanningOutcome;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.commit.WriteRequest;
import dev.sluice.request.Trace;
import dev.sluice.request.Work;
import dev.sluice.snapshot.PartitionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes keyed records: a batch to each partition of a sink, in one transaction where the sink can. */
@Component
public class KeyedWrites {

    private final Partitions partitions;
    private final SpanningCommit commits;
    private final Lanes lanes;
    private final WriteCounters counters;
    private final OutcomeReport report;

    KeyedWrites(
            Partitions partitions, SpanningCommit commits, Lanes lanes, WriteCounters counters, OutcomeReport report) {
        this.partitions = partitions;
        this.commits = commits;
        this.lanes = lanes;
        this.counters = counters;
        this.report = report;
    }

    /**
     * Writes the n-th batch to the n-th partition.
     *
     * @param strict whether a refused record stops all of it, whatever the sink's definition says
     * @param fencingToken the writer's token, which has to be every partition's; null if it sent none
     */
    public KeyedOutcome write(
            SinkDefinition sink, List<Batch> batches, @Nullable Long fencingToken, boolean dryRun, boolean strict) {
        Trace trace = Work.currentTrace();
        String sender = Work.currentSender().known();
        List<WriteRequest> requests = batches.stream()
                .map(batch ->
                        new WriteRequest(batch, fencingToken, sender, false, dryRun, strict, Duration.ZERO, trace))
                .toList();
        return sink.partitioned().transactional() ? together(sink, requests) : oneByOne(sink, requests);
    }

    private KeyedOutcome together(SinkDefinition sink, List<WriteRequest> requests) {
        List<PartitionKey> keys = sink.partitions().stream()
                .map(partition -> new PartitionKey(sink.id(), partition))
                .toList();
        try {
            List<Refusals> refusals = Refusals.of(
                    sink.partitioned(),
                    requests.stream().map(WriteRequest::batch).toList(),
                    requests.get(0).dryRun());
            List<BatchEntry> entries = IntStream.range(0, requests.size())
                    .mapToObj(i -> new BatchEntry(requests.get(i), refusals.get(i), Partitions.terms(sink)))
                    .toList();
            Lane lane = lanes.ofKeyed(sink.id());
            SpanningOutcome outcome = lane.run(() -> commits.commit(lane, keys, entries));
            if (outcome.failedAt() >= 0) {
                counters.countFailure(keys.get(outcome.failedAt()));
                return new KeyedOutcome.NotWritten(
                        sink.partitions().get(outcome.failedAt()),
                        requests.get(outcome.failedAt()).batch(),
                        outcome.outcomes().get(0),
                        List.of());
            }
            List<Written> written = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                if (!requests.get(i).dryRun()) {
                    counters.count(keys.get(i), outcome.outcomes().get(i));
                    report.answered(keys.get(i), outcome.outcomes().get(i));
                }
                written.add((Written) outcome.outcomes().get(i));
            }
            return new KeyedOutcome.AllWritten(written);
        } catch (RuntimeException e) {
            PartitionFailure failure = FailureClassifier.classify(e);
            report.failed(sink.id(), failure);
            throw failure;
        }
    }

    /* Side by side. A partition that fails does not keep the others: a repetition finds them as duplicates. */
    private KeyedOutcome oneByOne(SinkDefinition sink, List<WriteRequest> requests) {
        List<Written> written = new ArrayList<>();
        List<String> committed = new ArrayList<>();
        KeyedOutcome.NotWritten first = null;
        RuntimeException failure = null;
        List<CompletableFuture<WriteOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            answers.add(partitions.begin(sink, sink.partitions().get(i), requests.get(i)));
        }
        for (int i = 0; i < requests.size(); i++) {
            String partition = sink.partitions().get(i);
            try {
                WriteOutcome outcome = answers.get(i).join();
                if (outcome instanceof Written done) {
                    written.add(done);
                    committed.add(partition);
                } else if (first == null) {
                    first = new KeyedOutcome.NotWritten(
                            partition, requests.get(i).batch(), outcome, List.of());
                }
            } catch (CompletionException e) {
                RuntimeException cause = e.getCause() instanceof RuntimeException known ? known : e;
                failure = failure == null ? cause : failure;
            }
        }
        if (first != null) {
            return new KeyedOutcome.NotWritten(first.partition(), first.batch(), first.outcome(), committed);
        }
        if (failure != null) {
            throw failure;
        }
        return new KeyedOutcome.AllWritten(written);
    }
}

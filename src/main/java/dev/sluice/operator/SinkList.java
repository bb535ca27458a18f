package dev.sluice.operator;

import dev.sluice.access.Identity;
import dev.sluice.access.Verb;
import dev.sluice.catalog.NearestNames;
import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.UnusableSink;
import dev.sluice.delivery.Buffers.Undelivered;
import dev.sluice.partition.Partitions;
import dev.sluice.partition.SinkTotals;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.request.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The sinks in pages: those of the configuration first, then the stored ones, then those that cannot be used. */
@Component
class SinkList {

    /* What cannot be used fails, whatever it would do otherwise. */
    private static final String FAILING = "failing";

    private static final List<Verb> READING = List.of(Verb.READ, Verb.DEFINE, Verb.OPERATE);

    /**
     * A page of sinks.
     *
     * @param next the {@code from} of the next page, null on the last
     */
    record Page(List<SinkAnswer> sinks, @Nullable String next) {}

    private record Listed(String id, String type, Predicate<String> isIn, Supplier<SinkAnswer> answer) {}

    private final SinkCatalog catalog;
    private final Partitions partitions;
    private final SinkTotals totals;
    private final SinkStatus status;
    private final Controls controls;

    SinkList(SinkCatalog catalog, Partitions partitions, SinkTotals totals, SinkStatus status, Controls controls) {
        this.catalog = catalog;
        this.partitions = partitions;
        this.totals = totals;
        this.status = status;
        this.controls = controls;
    }

    /** Returns the names of the states by which sinks can be filtered. */
    Set<String> states() {
        return partitions.states();
    }

    Page page(SinksQuery query) {
        List<Listed> all = all();
        Map<String, Undelivered> undelivered = query.asksForUndelivered() ? undelivered() : Map.of();
        Instant now = Instant.now();
        List<SinkAnswer> page = new ArrayList<>();
        for (Listed sink : all.subList(start(all, query.from()), all.size())) {
            if (!isMeant(sink, query, undelivered.get(sink.id()), now)) {
                continue;
            }
            if (page.size() == query.limit()) {
                return new Page(page, sink.id());
            }
            page.add(sink.answer().get().with(undelivered.get(sink.id())));
        }
        return new Page(page, null);
    }

    /* Those whose definition whoever asks may look at. */
    private List<Listed> all() {
        Identity sender = Work.currentSender();
        return Stream.concat(
                        catalog.all().stream().map(this::listed),
                        catalog.unusable().stream().map(SinkList::listed))
                .filter(sink -> sender.may(sink.id(), READING))
                .toList();
    }

    private Listed listed(SinkDefinition sink) {
        return new Listed(
                sink.id(),
                sink.type(),
                state -> partitions.state(state).holdsFor(sink),
                () -> SinkAnswer.of(sink, status.of(sink), false).with(controls.of(sink.id()), null));
    }

    private static Listed listed(UnusableSink sink) {
        return new Listed(sink.id(), sink.type(), FAILING::equals, () -> SinkAnswer.of(sink));
    }

    private Map<String, Undelivered> undelivered() {
        return totals.undelivered()
                .orElseThrow(() -> Problem.of(
                                ProblemType.STORAGE_UNAVAILABLE,
                                "the database does not tell what is undelivered; GET /sinks without lagging and"
                                        + " undelivered-older-than needs nothing of it")
                        .retryAfter(2)
                        .exception());
    }

    private static int start(List<Listed> all, @Nullable String from) {
        if (from == null) {
            return 0;
        }
        List<String> ids = all.stream().map(Listed::id).toList();
        int start = ids.indexOf(from);
        if (start < 0) {
            throw Problem.of(
                            ProblemType.UNKNOWN_SINK,
                            "there is no sink '" + from + "' to go on at" + NearestNames.hint(from, ids)
                                    + "; begin again without 'from'")
                    .with("sink", from)
                    .with("nearest", NearestNames.of(from, ids))
                    .exception();
        }
        return start;
    }

    private static boolean isMeant(Listed sink, SinksQuery query, @Nullable Undelivered waiting, Instant now) {
        Duration longest = query.undeliveredOlderThan();
        return sink.id().startsWith(query.prefix())
                && (query.type() == null || query.type().equals(sink.type()))
                && query.states().stream().allMatch(sink.isIn())
                && (!query.lagging() || waiting != null)
                && (longest == null
                        || (waiting != null && waiting.since().plus(longest).isBefore(now)));
    }
}

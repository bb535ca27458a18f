package dev.sluice.live;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.deadletter.DeadLetterPolicy;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Gives the partition bean that stands where a locked row says, building it anew where it does not. */
@Component
public class LivePartitions {

    private final PartitionScope scope;
    private final ObjectProvider<LivePartition<?, ?>> beans;
    private final SinkCatalog catalog;
    private final JsonMapper json;
    private final Map<PartitionKey, Snapshot> confirmed = new ConcurrentHashMap<>();

    LivePartitions(
            PartitionScope scope, ObjectProvider<LivePartition<?, ?>> beans, SinkCatalog catalog, JsonMapper json) {
        this.scope = scope;
        this.beans = beans;
        this.catalog = catalog;
        this.json = json;
    }

    /**
     * Returns the partition at its locked row.
     *
     * @throws UnconfirmedRowException if it would have to be built from a row that may still be lost, and that matters
     */
    public LivePartition<?, ?> at(PartitionKey key, Snapshot locked) {
        LivePartition<?, ?> live = scope.find(key, LivePartition.class);
        if (live == null || !live.standsAt(locked) || !live.builtBy(sink(key))) {
            scope.discard(key);
            requireConfirmed(key, locked);
            live = build(key, locked);
        }
        return live;
    }

    /*
     * What is built brings its target to where the row stands. Only after batches that is no more than was there before
     * their commit; where a target begins or was taken back it would be ahead of the row that a failover leaves.
     */
    private void requireConfirmed(PartitionKey key, Snapshot locked) {
        if (locked.state() != null && locked.beforeItsFirstBatch()) {
            Snapshot known = confirmed.get(key);
            if (known == null || !known.standsWhere(locked)) {
                throw new UnconfirmedRowException(key);
            }
        }
    }

    /** To be told of a row that was locked by a transaction since committed. */
    public void confirm(PartitionKey key, Snapshot row) {
        confirmed.put(key, row);
    }

    /** To be told when whoever needed the confirmed row has ended. */
    public void forgetConfirmed(PartitionKey key) {
        confirmed.remove(key);
    }

    /**
     * Builds a partition that nobody else uses, for a transaction that spans several; the caller closes it. Only for
     * sinks whose partitions share the transaction.
     */
    public LivePartition<?, ?> fresh(PartitionKey key, Snapshot locked) {
        return LivePartition.build(sink(key), new PartitionScope.Occupant(key, locked), json);
    }

    /** Looks, in a transaction, at the target of a sink that takes part in it; throws if it is not as it should be. */
    public void inspect(String sink, Connection transaction) {
        catalog.find(sink)
                .filter(definition -> !definition.stateless())
                .map(SinkDefinition::partitioned)
                .filter(JointSink.class::isInstance)
                .map(JointSink.class::cast)
                .ifPresent(joint -> joint.inspect(transaction));
    }

    /** Looks at what a partition's target has, before a repetition is acknowledged; throws if it is not there. */
    public void inspect(PartitionKey key, Snapshot locked, Connection transaction) {
        FixedPartitionedSink<?, ?> sink = sink(key);
        if (sink instanceof JointSink joint) {
            joint.inspect(transaction);
        } else {
            inspect(sink, key, locked);
        }
    }

    private <S> void inspect(FixedPartitionedSink<?, S> sink, PartitionKey key, Snapshot locked) {
        String state = locked.state();
        if (state != null) {
            sink.inspect(key.partition(), json.readValue(state, sink.stateType()));
        }
    }

    /**
     * Looks again, outside of any transaction, at a target that is said to be lost; returns why it is not as it should
     * be, empty if it is by now.
     */
    public Optional<RuntimeException> stillLost(String sink, RuntimeException said) {
        try {
            catalog.recognise(sink);
            return Optional.empty();
        } catch (SinkException e) {
            return Optional.of(e);
        } catch (RuntimeException e) {
            return Optional.of(said);
        }
    }

    private FixedPartitionedSink<?, ?> sink(PartitionKey key) {
        return sink(key.sink());
    }

    /** Returns what a sink is made of now; throws {@link SinkException} if it is not defined any more. */
    public FixedPartitionedSink<?, ?> sink(String id) {
        return catalog.find(id)
                .filter(definition -> !definition.stateless())
                .map(SinkDefinition::partitioned)
                .orElseThrow(() ->
                        new SinkException(Disposition.BROKEN, "the sink '" + id + "' is not defined any more", null));
    }

    /** Returns how many ranges of settled offsets a sink's partitions keep at most; 0 where offsets come in order. */
    public int maxRanges(String id) {
        return catalog.find(id).map(SinkDefinition::maxRanges).orElse(0);
    }

    /** Returns within which bounds a sink settles what its target refuses, empty where that stops a batch. */
    public Optional<DeadLetterPolicy> deadLetters(String id) {
        return catalog.find(id).map(SinkDefinition::deadLetters);
    }

    private LivePartition<?, ?> build(PartitionKey key, Snapshot locked) {
        try {
            return scope.within(new PartitionScope.Occupant(key, locked), beans::getObject);
        } catch (BeanCreationException e) {
            // The container wraps what a sink says when it is built: what it says is what counts.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SinkException said) {
                    throw said;
                }
            }
            throw e;
        }
    }

    /** Returns the partitions that are in memory now. */
    public List<PartitionKey> inMemory() {
        return scope.occupied();
    }

    /** Drops what is in memory: after a failure it may be ahead of its row. */
    public void discard(PartitionKey key) {
        scope.discard(key);
    }
}

package dev.sluice.live;

import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.Scope;

/**
 * The Spring scope {@code partition}: one bean for each (sink, partition), built with the snapshot it resumes from,
 * destroyed when it is discarded. Beans are looked up within {@link #within}. Thread-safe; a single partition's beans
 * are guarded by its lane.
 */
class PartitionScope implements Scope, DisposableBean {

    static final String NAME = "partition";

    private static final Logger log = LoggerFactory.getLogger(PartitionScope.class);

    record Occupant(PartitionKey key, Snapshot snapshot) {}

    /* Set only while a lane looks its bean up. */
    private static final ThreadLocal<@Nullable Occupant> current = new ThreadLocal<>();

    private record Beans(Map<String, Object> byName, Map<String, Runnable> destruction) {
        Beans() {
            this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        }
    }

    private final Map<PartitionKey, Beans> partitions = new ConcurrentHashMap<>();

    <T> T within(Occupant occupant, Supplier<T> lookup) {
        current.set(occupant);
        try {
            return lookup.get();
        } finally {
            current.remove();
        }
    }

    /** Returns the partition whose beans are being looked up by this thread. */
    Occupant current() {
        return Objects.requireNonNull(current.get(), "beans of the partition scope are looked up by their lane only");
    }

    /** Returns the partitions that have beans. */
    List<PartitionKey> occupied() {
        return List.copyOf(partitions.keySet());
    }

    /** Returns the partition's bean of a type, null if there is none yet. */
    <T> @Nullable T find(PartitionKey key, Class<T> type) {
        Beans beans = partitions.get(key);
        if (beans == null) {
            return null;
        }
        for (Object bean : beans.byName().values()) {
            if (type.isInstance(bean)) {
                return type.cast(bean);
            }
        }
        return null;
    }

    /** Destroys a partition's beans, if there are any. */
    void discard(PartitionKey key) {
        Beans beans = partitions.remove(key);
        if (beans != null) {
            beans.destruction().forEach((name, destruction) -> {
                try {
                    destruction.run();
                } catch (RuntimeException e) {
                    log.warn("Partition {} could not be closed properly", key, e);
                }
            });
        }
    }

    @Override
    public Object get(String name, ObjectFactory<?> factory) {
        Beans beans = partitions.computeIfAbsent(current().key(), key -> new Beans());
        Object bean = beans.byName().get(name);
        if (bean == null) {
            bean = factory.getObject();
            beans.byName().put(name, bean);
        }
        return bean;
    }

    @Override
    public @Nullable Object remove(String name) {
        Beans beans = partitions.get(current().key());
        if (beans == null) {
            return null;
        }
        beans.destruction().remove(name);
        return beans.byName().remove(name);
    }

    @Override
    public void registerDestructionCallback(String name, Runnable callback) {
        partitions
                .computeIfAbsent(current().key(), key -> new Beans())
                .destruction()
                .put(name, callback);
    }

    @Override
    public @Nullable String getConversationId() {
        Occupant occupant = current.get();
        return occupant == null ? null : occupant.key().toString();
    }

    @Override
    public void destroy() {
        occupied().forEach(this::discard);
    }
}

package dev.sluice.definition;

import dev.sluice.delivery.CompositeSinkType;
import dev.sluice.sink.SinkType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The types that definitions can name: every bean of type {@link SinkType} or {@link CompositeSinkType}. */
@Component
public class SinkTypes {

    private final Map<String, Object> byName = new TreeMap<>();

    @Autowired
    SinkTypes(ObjectProvider<SinkType<?>> types, ObjectProvider<CompositeSinkType<?>> composites) {
        this(types.orderedStream().toList(), composites.orderedStream().toList());
    }

    /** Takes the types as they are. */
    public SinkTypes(List<SinkType<?>> types, List<CompositeSinkType<?>> composites) {
        types.forEach(type -> add(type.name(), type));
        composites.forEach(type -> add(type.name(), type));
    }

    private void add(String name, Object type) {
        Object other = byName.putIfAbsent(name, type);
        if (other != null) {
            throw new IllegalStateException("two sink types are named '" + name + "': "
                    + other.getClass().getName() + " and " + type.getClass().getName());
        }
    }

    /** Returns their names. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Returns the class that the settings of a type are bound to; one of {@link #names}. */
    public Class<?> settingsType(String name) {
        return plain(name)
                .<Class<?>>map(SinkType::settingsType)
                .orElseGet(() -> composite(name).orElseThrow().settingsType());
    }

    /** Returns the type of that name whose sinks have partitions or workers of their own. */
    public Optional<SinkType<?>> plain(String name) {
        return byName.get(name) instanceof SinkType<?> type ? Optional.of(type) : Optional.empty();
    }

    /** Returns the type of that name whose sinks are made of others. */
    public Optional<CompositeSinkType<?>> composite(String name) {
        return byName.get(name) instanceof CompositeSinkType<?> type ? Optional.of(type) : Optional.empty();
    }
}

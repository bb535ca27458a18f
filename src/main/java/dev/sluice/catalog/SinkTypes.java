package dev.sluice.catalog;

import dev.sluice.sink.SinkType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** The types that definitions can name: every bean of type {@link SinkType}. */
@Component
class SinkTypes {

    private final Map<String, SinkType<?>> byName = new TreeMap<>();

    SinkTypes(List<SinkType<?>> types) {
        for (SinkType<?> type : types) {
            SinkType<?> other = byName.putIfAbsent(type.name(), type);
            if (other != null) {
                throw new IllegalStateException("two sink types are named '" + type.name() + "': "
                        + other.getClass().getName() + " and " + type.getClass().getName());
            }
        }
    }

    SinkType<?> named(String name, String property) {
        SinkType<?> type = byName.get(name);
        if (type == null) {
            throw new InvalidDefinitionException(
                    property,
                    "there is no sink type '" + name + "'" + NearestNames.hint(name, byName.keySet())
                            + "; known types: " + String.join(", ", byName.keySet()),
                    null);
        }
        return type;
    }
}

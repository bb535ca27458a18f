package dev.sluice.bench.load;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A command line of {@code --key value} and {@code --switch}; what nobody asks for is refused. */
public final class Arguments {

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> asked = new HashSet<>();

    public Arguments(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (!arguments[i].startsWith("--")) {
                throw new IllegalArgumentException("expected an option like --key, not '" + arguments[i] + "'");
            }
            boolean hasValue = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
            values.put(arguments[i].substring(2), hasValue ? arguments[++i] : "true");
        }
    }

    public String text(String key, String otherwise) {
        asked.add(key);
        return values.getOrDefault(key, otherwise);
    }

    public long number(String key, long otherwise) {
        String value = text(key, Long.toString(otherwise));
        try {
            return Long.parseLong(value.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + key + " needs a whole number, not '" + value + "'");
        }
    }

    public int integer(String key, int otherwise) {
        return Math.toIntExact(number(key, otherwise));
    }

    public boolean has(String key) {
        asked.add(key);
        return values.containsKey(key);
    }

    /** Fails where an option was given that no call has asked for. */
    public void refuseOthers() {
        for (String key : values.keySet()) {
            if (!asked.contains(key)) {
                throw new IllegalArgumentException("unknown option --" + key + "; known are " + asked);
            }
        }
    }
}

package dev.sluice.console;

import dev.sluice.call.Url;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a list is narrowed down to, all of it in the address.
 *
 * @param path of the page
 * @param set what is set, by name
 */
public record Filters(String path, Map<String, String> set) {

    private static final String FROM = "from";

    /** Takes those that there are from what was asked for. */
    public static Filters of(String path, List<String> known, Map<String, String> asked) {
        Map<String, String> set = new LinkedHashMap<>();
        for (String name : known) {
            String value = asked.get(name);
            if (value != null && !value.isBlank()) {
                set.put(name, value.strip());
            }
        }
        return new Filters(path, set);
    }

    /** Adds what is set to a path of the API. */
    public Url on(Url url) {
        set.forEach(url::with);
        return url;
    }

    /** Returns what one is set to, empty for nothing. */
    public String value(String name) {
        return set.getOrDefault(name, "");
    }

    /** Whether one is set. */
    public boolean has(String name) {
        return set.containsKey(name);
    }

    /** Whether anything is set, but where the page begins. */
    public boolean any() {
        return set.keySet().stream().anyMatch(name -> !name.equals(FROM));
    }

    /** Returns the address of the page that begins at {@code next}. */
    public String page(String next) {
        return with(FROM, next);
    }

    /** Returns the address of the same list from its beginning. */
    public String first() {
        return with(FROM, "");
    }

    /** Returns the address of the same list with one of them set otherwise. */
    public String with(String name, String value) {
        Url url = Url.of(path);
        set.forEach((other, present) -> {
            if (!other.equals(name) && !other.equals(FROM)) {
                url.with(other, present);
            }
        });
        return url.with(name, value).toString();
    }

    /** Returns the address of an act on all of a sink that the list has, whatever page is shown. */
    public String onto(String act, String sink) {
        Url url = Url.of(act).with("sink", sink);
        set.forEach((name, value) -> {
            if (!name.equals(FROM) && !name.equals("state")) {
                url.with(name, value);
            }
        });
        return url.toString();
    }
}

package dev.sluice.form;

import dev.sluice.call.Facts;
import java.util.List;

/**
 * A setting as a field of a form.
 *
 * @param path of the setting in the definition, like {@code dead-letters.max-open}
 * @param setting what the API says of it
 * @param about what it is for
 * @param required whether there has to be a value, whatever else there is
 * @param secret whether it is never shown
 * @param value what stands there, empty for nothing
 * @param error what the API says is wrong with it, empty for nothing
 */
public record FormField(
        String path, Facts setting, String about, boolean required, boolean secret, String value, String error) {

    /** What the names of fields begin with, so that none is that of another field of the form. */
    public static final String PREFIX = "s.";

    private static final List<String> BOOLEANS = List.of("true", "false");

    /** Returns the name in the form. */
    public String name() {
        return PREFIX + path;
    }

    /** Returns the path as part of ids, in which a dot would mean a class to selectors. */
    public String id() {
        return path.replace(".", "--");
    }

    /** Returns {@code choice}, {@code lines}, {@code json}, {@code number} or {@code text}. */
    public String kind() {
        return Setting.kind(setting);
    }

    /** Returns what can be chosen; empty where it is written. */
    public List<String> options() {
        return setting.text("type").equals("boolean")
                ? BOOLEANS
                : setting.list("values").stream().map(Facts::text).toList();
    }

    /** Returns how many lines are shown of what is written. */
    public int rows() {
        return Math.min(8, Math.max(2, value.split("\n", -1).length));
    }

    /** Whether it is shown at once, and not among what need not be looked at. */
    public boolean isPlain() {
        return required || !value.isEmpty() || !error.isEmpty();
    }
}

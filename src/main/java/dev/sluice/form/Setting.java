package dev.sluice.form;

import dev.sluice.call.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A setting that has a field of its own: those of an object have one each.
 *
 * @param about what it is for, with what the object is for that it belongs to
 * @param required whether there has to be a value, whatever else there is
 */
record Setting(String path, Facts described, String about, boolean required, boolean secret) {

    private static final Set<String> CHOSEN = Set.of("choice", "boolean");
    private static final Set<String> NUMBERS = Set.of("integer", "number");
    private static final Set<String> STRUCTURES = Set.of("list", "map", "object");

    /** Returns those of a type, and those that every definition may have; the type itself is chosen elsewhere. */
    static List<Setting> of(Facts type) {
        List<Setting> all = new ArrayList<>();
        type.list("settings").forEach(setting -> add(setting, null, all));
        type.list("common").forEach(setting -> add(setting, null, all));
        all.removeIf(setting -> setting.path().equals("type"));
        return all;
    }

    private static void add(Facts described, @Nullable Setting parent, List<Setting> all) {
        Setting setting = parent == null
                ? new Setting(
                        described.text("name"),
                        described,
                        described.text("description"),
                        described.is("required"),
                        described.is("secret"))
                : new Setting(
                        parent.path() + "." + described.text("name"),
                        described,
                        parent.about() + " " + described.text("description"),
                        parent.required() && described.is("required"),
                        parent.secret() || described.is("secret"));
        if (described.text("type").equals("object") && !described.is("orText")) {
            described.list("settings").forEach(inner -> add(inner, setting, all));
        } else if (!described.is("configurationOnly")) {
            all.add(setting);
        }
    }

    static String kind(Facts described) {
        String type = described.text("type");
        if (CHOSEN.contains(type)) {
            return "choice";
        }
        if (NUMBERS.contains(type)) {
            return "number";
        }
        if (type.equals("list") && !STRUCTURES.contains(described.at("items").text("type"))) {
            return "lines";
        }
        return STRUCTURES.contains(type) ? "json" : "text";
    }

    String kind() {
        return kind(described);
    }

    /** Whether an error of the API is one of this setting. */
    boolean has(String field) {
        return field.equals(path) || field.startsWith(path + ".") || field.startsWith(path + "[");
    }
}

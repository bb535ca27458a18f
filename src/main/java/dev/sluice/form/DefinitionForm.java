package dev.sluice.form;

import dev.sluice.call.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** A definition as fields and as JSON at once. */
public final class DefinitionForm {

    private DefinitionForm() {}

    /**
     * Returns the fields of a definition. Secrets are not in them.
     *
     * @param type as the API describes it
     * @param definition JSON; of a text that is none, nothing stands in the fields
     * @param problem what the API says is wrong, nothing where it is well
     */
    public static List<FormField> fields(Facts type, String definition, Facts problem) {
        JsonNode root =
                Values.object(definition).<JsonNode>map(object -> object).orElse(MissingNode.getInstance());
        List<FormField> fields = new ArrayList<>();
        for (Setting setting : Setting.of(type)) {
            fields.add(new FormField(
                    setting.path(),
                    setting.described(),
                    setting.about(),
                    setting.required(),
                    setting.secret(),
                    Values.text(setting, Values.at(root, setting.path())),
                    problem.list("errors").stream()
                            .filter(error -> setting.has(error.text("field")))
                            .map(error -> inside(setting, error.text("field")) + error.text("message"))
                            .collect(Collectors.joining("; "))));
        }
        return fields;
    }

    private static String inside(Setting setting, String field) {
        return field.equals(setting.path())
                ? ""
                : field.substring(setting.path().length()) + ": ";
    }

    /** Returns the errors that no field has. */
    public static List<Facts> others(Facts type, Facts problem) {
        List<Setting> settings = Setting.of(type);
        return problem.list("errors").stream()
                .filter(error -> settings.stream().noneMatch(setting -> setting.has(error.text("field"))))
                .toList();
    }

    /**
     * Puts the fields that somebody has changed into the JSON. A setting that was changed in both is as the JSON has it.
     *
     * @param shown the JSON that the form was shown with
     * @param written the JSON that was sent
     * @param given the fields that were sent, by their names; what was not sent was not changed
     * @return the JSON as it was written, where no field has changed or it is none
     */
    public static String merged(Facts type, String shown, String written, Map<String, String> given) {
        Optional<ObjectNode> parsed = Values.object(written);
        if (parsed.isEmpty() || !type(written).equals(type.text("type"))) {
            return written;
        }
        ObjectNode now = parsed.get();
        JsonNode before = Values.object(shown).<JsonNode>map(object -> object).orElse(MissingNode.getInstance());
        boolean changed = false;
        for (Setting setting : Setting.of(type)) {
            String text = given.get(FormField.PREFIX + setting.path());
            if (text == null) {
                continue;
            }
            JsonNode was = Values.at(before, setting.path());
            JsonNode is = Values.at(now, setting.path());
            boolean free = was.equals(is) || (setting.secret() && Values.isMasked(is));
            if (free && !unix(text).equals(Values.text(setting, was))) {
                Values.put(now, setting.path(), Values.value(setting, unix(text)));
                changed = true;
            }
        }
        return changed ? Values.written(now) : written;
    }

    /** Returns the type that a definition names, empty if it names none. */
    public static String type(String definition) {
        return Values.object(definition)
                .map(object -> object.path("type"))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .orElse("");
    }

    /** Returns a definition with a mask in the place of each secret; as it is, where it has none or is no JSON. */
    public static String masked(Facts type, String definition) {
        Optional<ObjectNode> parsed = Values.object(definition);
        boolean changed = false;
        for (Setting setting : Setting.of(type)) {
            JsonNode value = parsed.<JsonNode>map(root -> Values.at(root, setting.path()))
                    .orElse(MissingNode.getInstance());
            if (setting.secret() && !value.equals(Values.masked(value))) {
                Values.put(parsed.orElseThrow(), setting.path(), Values.masked(value));
                changed = true;
            }
        }
        return changed ? Values.written(parsed.orElseThrow()) : definition;
    }

    /** Returns a text with the ends of lines that JSON and comparisons count on; forms send others. */
    public static String unix(String text) {
        return text.replace("\r\n", "\n");
    }
}

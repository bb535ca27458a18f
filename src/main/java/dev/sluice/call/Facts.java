package dev.sluice.call;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What the API has answered, or a part of it, as templates ask for it. What is not there is empty. */
public final class Facts {

    private static final JsonMapper JSON = new JsonMapper();

    /** Nothing. */
    public static final Facts NONE = new Facts(MissingNode.getInstance());

    private final JsonNode node;

    private Facts(JsonNode node) {
        this.node = node;
    }

    /** Returns what is known of a thing of which only the {@code id} is. */
    public static Facts named(String id) {
        return new Facts(JSON.createObjectNode().put("id", id));
    }

    /** Returns what is told as a problem is, without a type. */
    public static Facts told(String title, String detail) {
        return new Facts(JSON.createObjectNode().put("title", title).put("detail", detail));
    }

    static Facts of(JsonNode node) {
        return new Facts(node);
    }

    /** Whether there is such a member, and it is not null. */
    public boolean has(String member) {
        return node.hasNonNull(member);
    }

    /** Returns a member. */
    public Facts at(String member) {
        return new Facts(node.path(member));
    }

    /** Returns the text of a member: digits of a number, JSON of what is neither text nor number. */
    public String text(String member) {
        return at(member).text();
    }

    /** Returns the text of all of it. */
    public String text() {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        return node.isString() ? node.stringValue() : node.toString();
    }

    /** Returns a member that is an integer, 0 where it is none. */
    public long number(String member) {
        JsonNode found = node.path(member);
        return found.isIntegralNumber() ? found.longValue() : 0;
    }

    /** Whether a member is true. */
    public boolean is(String member) {
        return node.path(member).isBoolean() && node.path(member).booleanValue();
    }

    /** Returns what a member lists. */
    public List<Facts> list(String member) {
        return StreamSupport.stream(node.path(member).spliterator(), false)
                .map(Facts::new)
                .toList();
    }

    /** Returns how much a member lists. */
    public int size(String member) {
        return node.path(member).size();
    }

    /** Returns the members by their names, in their order. */
    public Map<String, Facts> members() {
        Map<String, Facts> members = new LinkedHashMap<>();
        node.properties().forEach(member -> members.put(member.getKey(), new Facts(member.getValue())));
        return members;
    }

    /** Whether there is nothing. */
    public boolean isEmpty() {
        return node.isMissingNode() || node.isNull() || (node.isContainer() && node.isEmpty());
    }

    /** Returns it as what JSON is written from. */
    public Object value() {
        return node;
    }

    /** Returns it as JSON with indentation. */
    public String pretty() {
        return isEmpty() && !node.isContainer()
                ? ""
                : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    }
}

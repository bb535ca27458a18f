package dev.sluice.column;

import java.util.Set;

/**
 * A column's type, as far as it decides what a value looks like.
 *
 * @param name as {@code format_type} gives it, without what is in brackets behind it
 * @param category {@code pg_type.typcategory}
 * @param domain whether it is a domain
 * @param cast what makes a value of a text in place of "%s": without a length, a domain's own included, which an explicit
 *     cast would cut to; the assignment refuses what is longer
 * @param exact the same with the precision that values are rounded to, and the column's own collation: two values that are
 *     equal so are one key
 */
public record ColumnType(String name, char category, boolean domain, String cast, String exact) {

    private static final String TEXT = "%s";
    private static final char ARRAY = 'A';
    private static final char USER_DEFINED = 'U';
    private static final Set<String> JSON = Set.of("json", "jsonb");
    private static final Set<String> JSON_ARRAYS = Set.of("json[]", "jsonb[]");
    private static final Set<String> SCALARS = Set.of("bytea", "uuid", "xml");
    private static final String TIME_OF_DAY = "time without time zone";
    private static final String INTERVAL = "interval";
    private static final Set<String> COUNTED =
            Set.of("timestamp with time zone", "timestamp without time zone", "date", TIME_OF_DAY, INTERVAL);

    /** Returns the expression that makes a value of a text. */
    public String castOf(String text, boolean exactly) {
        String template = exactly ? exact : cast;
        int at = template.indexOf(TEXT);
        return template.substring(0, at) + text + template.substring(at + TEXT.length());
    }

    /** Whether it takes any JSON as it is. */
    public boolean json() {
        return JSON.contains(name);
    }

    boolean array() {
        return category == ARRAY;
    }

    boolean arrayOfJson() {
        return JSON_ARRAYS.contains(name);
    }

    /** Whether its own input function is to make something of JSON's arrays and objects, as those of extensions do. */
    boolean takesAnyJson() {
        return category == USER_DEFINED && !SCALARS.contains(name);
    }

    /** Whether it can be made of a number that counts time. */
    public boolean counted() {
        return COUNTED.contains(name);
    }

    boolean timeOfDay() {
        return name.equals(TIME_OF_DAY);
    }

    boolean interval() {
        return name.equals(INTERVAL);
    }

    /** Whether it can be made of strings that hold this. */
    public boolean takes(StringEncoding encoding) {
        return encoding == StringEncoding.JSON ? json() : name.equals("bytea");
    }
}

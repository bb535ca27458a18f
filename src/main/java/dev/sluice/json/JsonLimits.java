package dev.sluice.json;

/**
 * How large a value may be, so that no record costs more than its share of memory or blocks the target that expands it.
 *
 * @param maxRecordBytes of a whole value, without the white space around it
 * @param maxDepth of arrays and objects inside each other
 * @param maxStringBytes between the quotes, as sent: an escape counts with all its characters
 * @param maxNumberLength in characters
 * @param maxExponent whatever its sign
 */
public record JsonLimits(int maxRecordBytes, int maxDepth, int maxStringBytes, int maxNumberLength, int maxExponent) {

    private static final int MAX_BYTES = 1 << 29;

    /** Checks the bounds of the bounds. */
    public JsonLimits {
        requireWithin("maxRecordBytes", maxRecordBytes, MAX_BYTES);
        requireWithin("maxDepth", maxDepth, 1_000_000);
        requireWithin("maxStringBytes", maxStringBytes, MAX_BYTES);
        requireWithin("maxNumberLength", maxNumberLength, MAX_BYTES);
        requireWithin("maxExponent", maxExponent, 100_000_000);
    }

    /** The usual limits of depth and numbers for records of at most so many bytes. */
    public static JsonLimits ofRecordBytes(int maxRecordBytes) {
        return new JsonLimits(maxRecordBytes, 500, maxRecordBytes, 1_000, 400);
    }

    private static void requireWithin(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must be from 1 to " + max + ", not " + value);
        }
    }
}

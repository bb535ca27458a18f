package dev.sluice.campaign.stream;

import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/**
 * What every record of a campaign is: a function of its stream, its offset and the rewinds before it, so that nothing
 * has to be remembered.
 */
public final class Records {

    private static final int KEYS = 40;
    private static final int DELETIONS = 4;

    private static final String[] TEXTS = {
        "",
        "a",
        "äöü€",
        "😀😀",
        "\\u00e9 \\\" \\\\ \\n",
        "the quick brown fox jumps over the lazy dog, again and again and again"
    };

    private Records() {}

    /** Returns the record as JSON, without a line break. */
    public static String record(String stream, long offset) {
        return record(stream, 0, offset);
    }

    /** Returns another record for the same offset: what is written after a rewind. */
    static String record(String stream, int edition, long offset) {
        long mixed = mix(stream.hashCode() * 31L + offset + mix(edition));
        String text = TEXTS[(int) Long.remainderUnsigned(mixed, TEXTS.length)];
        return "{\"s\":\"" + stream + "\",\"o\":" + offset + ",\"h\":\"" + Long.toHexString(mixed) + "\",\"d\":"
                + (Long.remainderUnsigned(mixed >>> 32, DELETIONS) == 0) + ",\"p\":\"" + text + "\"}";
    }

    /** Whether a record says that what it is about is gone, to those who listen. */
    public static boolean deletes(String record) {
        return record.contains(",\"d\":true,\"p\":");
    }

    /** Whether tables that refuse some records refuse this one. */
    public static boolean refused(String record) {
        return record.contains("00\",\"d\":");
    }

    /** Returns what an operator makes of a record that is refused. */
    public static String mended(String record) {
        return record.replace("00\",\"d\":", "0-mended\",\"d\":");
    }

    /** Returns the key of a record, of which there are few. */
    public static String key(long offset) {
        return "key-" + Long.remainderUnsigned(mix(offset), KEYS);
    }

    /** Returns lines for {@code [first, end)}; the one at {@code corrupt} differs in one byte. */
    static byte[] lines(LongFunction<String> line, long first, long end, long corrupt) {
        StringBuilder lines = new StringBuilder();
        for (long offset = first; offset < end; offset++) {
            String record = line.apply(offset);
            lines.append(offset == corrupt ? corrupted(record) : record).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String corrupted(String record) {
        int at = record.indexOf("\"h\":\"") + 5;
        char other = record.charAt(at) == 'f' ? 'e' : 'f';
        return record.substring(0, at) + other + record.substring(at + 1);
    }

    private static long mix(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

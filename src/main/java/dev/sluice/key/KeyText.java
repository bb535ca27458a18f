package dev.sluice.key;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An API key as its owner has it: {@code slk_<id>_<secret>_<check>}, in {@code a-z} and {@code 2-7}. The id is public, the
 * secret has 256 random bits, and the check is the CRC-32 of all before it: what is no key is told from an unknown one,
 * and scanners of secrets recognise keys without asking.
 */
record KeyText(String text) {

    static final String PREFIX = "slk_";

    private static final int ID = 8;
    private static final int SECRET = 52;
    private static final int CHECK = 7;
    private static final int LENGTH = PREFIX.length() + ID + 1 + SECRET + 1 + CHECK;
    private static final Pattern FORM =
            Pattern.compile("slk_[a-z2-7]{" + ID + "}_[a-z2-7]{" + SECRET + "}_[a-z2-7]{" + CHECK + "}");
    private static final char[] DIGITS = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
    private static final int BITS = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Makes a key with an id of its own. */
    static KeyText random() {
        return random(digits(ID));
    }

    /** Makes another key with an id. */
    static KeyText random(String id) {
        String body = PREFIX + id + "_" + digits(SECRET) + "_";
        return new KeyText(body + check(body));
    }

    /** Returns the id of what has the length of a key, whatever else it is; empty if it has another one. */
    static String idOf(String text) {
        return text.length() == LENGTH && text.startsWith(PREFIX)
                ? text.substring(PREFIX.length(), PREFIX.length() + ID)
                : "";
    }

    /** Whether a text has the form of a key, and its check is right. */
    static boolean isWhole(String text) {
        if (!FORM.matcher(text).matches()) {
            return false;
        }
        String body = text.substring(0, LENGTH - CHECK);
        return check(body).equals(text.substring(LENGTH - CHECK));
    }

    String id() {
        return idOf(text);
    }

    KeyHash hash() {
        return KeyHash.of(text);
    }

    @Override
    public String toString() {
        return PREFIX + id() + "_***";
    }

    private static String digits(int count) {
        StringBuilder digits = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            digits.append(DIGITS[RANDOM.nextInt(DIGITS.length)]);
        }
        return digits.toString();
    }

    private static String check(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder check = new StringBuilder(CHECK);
        for (int i = CHECK - 1; i >= 0; i--) {
            check.append(DIGITS[(int) (crc.getValue() >>> (BITS * i)) & (DIGITS.length - 1)]);
        }
        return check.toString();
    }
}

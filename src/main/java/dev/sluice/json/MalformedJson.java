package dev.sluice.json;

/** A body that is not the JSON it should be, or JSON beyond a limit, with the place where that shows. */
public final class MalformedJson extends RuntimeException {

    /** What is wrong; everything but the first, {@code ENCODING} and {@code TRUNCATED} is legal JSON beyond a limit. */
    public enum Kind {
        SYNTAX,
        DEPTH,
        STRING_LENGTH,
        NUMBER_LENGTH,
        EXPONENT,
        RECORD_SIZE,
        ENCODING,
        TRUNCATED
    }

    /** Stands for the end of the body where a byte is expected. */
    public static final int END = -1;

    private final Kind kind;
    private final long offset;
    private final long line;

    /** Takes the message without the position. */
    public MalformedJson(Kind kind, String message, long offset, long line) {
        // The sender's mistake, not ours: a stack trace would only make malformed bodies expensive.
        super(message, null, true, false);
        this.kind = kind;
        this.offset = offset;
        this.line = line;
    }

    public Kind kind() {
        return kind;
    }

    /** The offending byte's position in the body, from 0; for a limit the start of what is beyond it. */
    public long offset() {
        return offset;
    }

    /** The line of that byte, from 1. */
    public long line() {
        return line;
    }

    /** Names a byte so that it can stand in a message whatever it is. */
    public static String describe(int found) {
        return switch (found) {
            case END -> "the end of the body";
            case '\n' -> "a line feed";
            case '\r' -> "a carriage return";
            case '\t' -> "a tab";
            case '\'' -> "a single quote";
            default -> found > ' ' && found < 0x7F ? "'" + (char) found + "'" : String.format("byte 0x%02X", found);
        };
    }
}

package dev.sluice.column;

/** Walks over the bytes of valid JSON. What is not valid was refused before. */
final class JsonText {

    private JsonText() {}

    /** Returns where the blanks from {@code at} on end. */
    static int skipBlanks(byte[] bytes, int at) {
        int next = at;
        while (bytes[next] == ' ' || bytes[next] == '\n' || bytes[next] == '\r' || bytes[next] == '\t') {
            next++;
        }
        return next;
    }

    /** Returns where the string that begins at {@code at} ends: behind its closing quote. */
    static int endOfString(byte[] bytes, int at) {
        int next = at + 1;
        while (bytes[next] != '"') {
            next += bytes[next] == '\\' ? 2 : 1;
        }
        return next + 1;
    }

    /** Returns where the value that begins at {@code at} ends; {@code most} is the end of all bytes. */
    static int endOfValue(byte[] bytes, int at, int most) {
        return switch (bytes[at]) {
            case '"' -> endOfString(bytes, at);
            case '{', '[' -> endOfContainer(bytes, at);
            default -> endOfWord(bytes, at, most);
        };
    }

    private static int endOfContainer(byte[] bytes, int at) {
        int depth = 0;
        int next = at;
        do {
            switch (bytes[next]) {
                case '"' -> next = endOfString(bytes, next) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // between the values
                }
            }
            next++;
        } while (depth > 0);
        return next;
    }

    private static int endOfWord(byte[] bytes, int at, int most) {
        int next = at;
        while (next < most) {
            byte found = bytes[next];
            if (found == ',' || found == '}' || found == ']' || found <= ' ') {
                break;
            }
            next++;
        }
        return next;
    }
}

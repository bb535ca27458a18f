package dev.sluice.column;

import java.nio.charset.StandardCharsets;

/** The text of JSON strings. */
final class Strings {

    private Strings() {}

    /** Returns the text between the quotes of a string; halves of surrogate pairs stay what they are. */
    static String unescaped(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int plain = from;
        int at = from;
        while (at < to) {
            if (bytes[at] != '\\') {
                at++;
                continue;
            }
            text.append(new String(bytes, plain, at - plain, StandardCharsets.UTF_8));
            byte kind = bytes[at + 1];
            if (kind == 'u') {
                text.append(unit(bytes, at + 2));
                at += 6;
            } else {
                text.append((char) plain(kind));
                at += 2;
            }
            plain = at;
        }
        return text.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8))
                .toString();
    }

    /** Returns the byte that an escape other than that of a code unit stands for. */
    static byte plain(byte kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }

    /** Returns the UTF-16 code unit of four hexadecimal digits. */
    static char unit(byte[] bytes, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            unit = unit << 4 | Character.digit(bytes[i], 16);
        }
        return (char) unit;
    }
}

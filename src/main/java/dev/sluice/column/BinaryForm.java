package dev.sluice.column;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How values of a type look in PostgreSQL's binary format, where that is certain: what the type's input function would
 * make of their text, and nothing that it would refuse. All else goes by its text.
 */
enum BinaryForm {
    /** None is certain. */
    NONE {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            return false;
        }
    },
    SMALLINT {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            long number = Decimals.whole(bytes, from, to);
            out.putShort((int) number);
            return number == (short) number;
        }
    },
    INTEGER {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            long number = Decimals.whole(bytes, from, to);
            out.putInt((int) number);
            return number == (int) number;
        }
    },
    BIGINT {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            long number = Decimals.whole(bytes, from, to);
            out.putLong(number);
            return number != Decimals.NOT_WHOLE;
        }
    },
    REAL {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            if (!Decimals.number(bytes[from])) {
                return false;
            }
            float number = Float.parseFloat(ascii(bytes, from, to));
            out.putInt(Float.floatToRawIntBits(number));
            return !Float.isInfinite(number)
                    && (Math.abs(number) >= Float.MIN_NORMAL || Decimals.zero(bytes, from, to));
        }
    },
    DOUBLE {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            if (!Decimals.number(bytes[from])) {
                return false;
            }
            double number = Decimals.real(bytes, from, to);
            out.putLong(Double.doubleToRawLongBits(number));
            return !Double.isInfinite(number)
                    && (Math.abs(number) >= Double.MIN_NORMAL || Decimals.zero(bytes, from, to));
        }
    },
    NUMERIC {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            return Decimals.numeric(bytes, from, to, out);
        }
    },
    BOOLEAN {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            out.put((byte) (bytes[from] == 't' ? 1 : 0));
            return bytes[from] == 't' || bytes[from] == 'f';
        }
    },
    /** Texts, and labels of enums. */
    TEXT {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            if (bytes[from] == '[' || bytes[from] == '{') {
                return false;
            }
            if (bytes[from] == '"') {
                ValueWriter.unescape(bytes, from + 1, to - 1, out);
            } else {
                out.put(bytes, from, to);
            }
            return true;
        }
    },
    JSON {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            out.put(bytes, from, to);
            return source.encoding() == null;
        }
    },
    JSONB {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            out.put(JSONB_VERSION);
            out.put(bytes, from, to);
            return source.encoding() == null;
        }
    },
    UUID {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            return bytes[from] == '"' && Uuids.write(bytes, from + 1, to - 1, out);
        }
    },
    TIMESTAMPTZ {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            long micros = micros(bytes, from, to, source, true);
            out.putLong(micros);
            return micros != IsoTime.NOT_PLAIN;
        }
    },
    TIMESTAMP {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            long micros = micros(bytes, from, to, source, false);
            out.putLong(micros);
            return micros != IsoTime.NOT_PLAIN;
        }
    },
    DATE {
        @Override
        boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out) {
            long days = bytes[from] == '"' ? IsoTime.date(bytes, from + 1, to - 1) : IsoTime.NOT_PLAIN;
            out.putInt((int) days);
            return days != IsoTime.NOT_PLAIN;
        }
    };

    static final byte JSONB_VERSION = 1;

    private static final char ENUM = 'E';
    private static final Map<String, BinaryForm> BY_NAME = Map.ofEntries(
            Map.entry("smallint", SMALLINT),
            Map.entry("integer", INTEGER),
            Map.entry("bigint", BIGINT),
            Map.entry("real", REAL),
            Map.entry("double precision", DOUBLE),
            Map.entry("numeric", NUMERIC),
            Map.entry("boolean", BOOLEAN),
            Map.entry("text", TEXT),
            Map.entry("character varying", TEXT),
            Map.entry("character", TEXT),
            Map.entry("json", JSON),
            Map.entry("jsonb", JSONB),
            Map.entry("uuid", UUID),
            Map.entry("timestamp with time zone", TIMESTAMPTZ),
            Map.entry("timestamp without time zone", TIMESTAMP),
            Map.entry("date", DATE));

    static BinaryForm of(ColumnType type) {
        if (type.domain()) {
            return NONE;
        }
        return type.category() == ENUM ? TEXT : BY_NAME.getOrDefault(type.name(), NONE);
    }

    private static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private static long micros(byte[] bytes, int from, int to, ColumnSource source, boolean zoned) {
        if (bytes[from] == '"') {
            return IsoTime.timestamp(bytes, from + 1, to - 1, zoned);
        }
        EpochUnit unit = source.unit();
        return unit == null ? IsoTime.NOT_PLAIN : EpochTime.microsSince2000(bytes, from, to, unit);
    }

    /**
     * Writes a value that is not null. Returns false if it is not certain to be this: then whatever was written is to be
     * taken back.
     */
    abstract boolean write(byte[] bytes, int from, int to, ColumnSource source, Text out);
}

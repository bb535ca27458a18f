package dev.sluice.scenario;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random values of PostgreSQL's types, as JSON. All of them are valid. */
final class RandomValues {

    private static final String[] PARTS = {
        "a",
        "é",
        "😀",
        "\\\\",
        "\\\"",
        "\\n",
        "\\t",
        "\\r",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\/",
        "\\\\N",
        ",",
        "{}",
        "NULL",
        " "
    };

    private RandomValues() {}

    static String json(String type, Random random) {
        if (random.nextInt(25) == 0) {
            return "null";
        }
        return switch (type) {
            case "smallint" -> Integer.toString((short) random.nextInt());
            case "int" -> Integer.toString(random.nextInt() >> random.nextInt(32));
            case "bigint" -> Long.toString(random.nextLong() >> random.nextInt(64));
            case "real" -> real(random);
            case "double precision" -> doublePrecision(random);
            case "numeric" -> numeric(random, 40, 20);
            case "numeric(14,3)" -> numeric(random, 11, 8);
            case "boolean" -> random.nextBoolean() ? "true" : random.nextBoolean() ? "false" : "\"yes\"";
            case "text" -> random.nextInt(5) == 0 ? numeric(random, 5, 5) : text(random, 20);
            case "varchar(30)", "char(30)" -> text(random, 7);
            case "uuid" -> quoted(uuid(random));
            case "timestamptz", "timestamptz(1)" -> quoted(zoned(time(random), random));
            case "timestamp" -> quoted(time(random));
            case "date" -> quoted(date(random));
            case "mood" -> random.nextBoolean() ? "\"sad\"" : "\"it's \\\"fine\\\"\"";
            case "json", "jsonb" -> random.nextBoolean() ? "{\"k\":" + text(random, 5) + "}" : numeric(random, 9, 3);
            case "ms" ->
                Long.toString(random.nextLong(-62_135_596_800_000L, 253_402_300_800_000L) / (1 + random.nextInt(3)));
            case "text[]" ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> text(random, 3))
                        .collect(Collectors.joining(",", "[", "]"));
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static String real(Random random) {
        float number = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(number) && (number == 0 || Math.abs(number) >= Float.MIN_NORMAL)
                ? Float.toString(number)
                : random.nextBoolean() ? "0" : "-0.0";
    }

    private static String doublePrecision(Random random) {
        if (random.nextBoolean()) {
            return numeric(random, 12, 12);
        }
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) && Math.abs(number) >= Double.MIN_NORMAL ? Double.toString(number) : "-0";
    }

    private static String numeric(Random random, int before, int behind) {
        BigInteger digits = new BigInteger(random.nextInt(1, 3 * (before + behind)), random);
        if (random.nextInt(3) == 0) {
            digits = BigInteger.TEN.pow(random.nextInt(before + behind - 1));
        }
        String number = new BigDecimal(
                        digits.mod(BigInteger.TEN.pow(before + behind)), random.nextInt(behind, behind + 1))
                .setScale(random.nextInt(behind, behind + 3))
                .toPlainString();
        String shorter = random.nextBoolean()
                ? new BigDecimal(number).stripTrailingZeros().toPlainString()
                : number;
        return random.nextBoolean() ? "-" + shorter : shorter;
    }

    private static String text(Random random, int parts) {
        return IntStream.range(0, random.nextInt(parts + 1))
                .mapToObj(i -> PARTS[random.nextInt(PARTS.length)])
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static String uuid(Random random) {
        String uuid = new UUID(random.nextLong(), random.nextLong()).toString();
        return switch (random.nextInt(4)) {
            case 0 -> uuid.toUpperCase(Locale.ROOT);
            case 1 -> uuid.replace("-", "");
            case 2 -> "{" + uuid + "}";
            default -> uuid;
        };
    }

    private static String date(Random random) {
        long day = random.nextLong(
                LocalDate.of(1, 1, 1).toEpochDay(), LocalDate.of(9999, 12, 31).toEpochDay());
        return LocalDate.ofEpochDay(day).toString();
    }

    private static String time(Random random) {
        Instant instant = Instant.ofEpochSecond(
                random.nextLong(-60_000_000_000L, 250_000_000_000L), random.nextInt(1_000_000_000));
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        String pattern = switch (random.nextInt(5)) {
            case 0 -> "uuuu-MM-dd";
            case 1 -> "uuuu-MM-dd HH:mm:ss";
            case 2 -> "uuuu-MM-dd'T'HH:mm:ss.S";
            case 3 -> "uuuu-MM-dd'T'HH:mm:ss.SSSSSS";
            default -> "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS";
        };
        return time.format(DateTimeFormatter.ofPattern(pattern));
    }

    private static String zoned(String time, Random random) {
        if (!time.contains(":")) {
            return time;
        }
        return time
                + switch (random.nextInt(6)) {
                    case 0 -> "Z";
                    case 1 -> "+05:45";
                    case 2 -> "-08";
                    case 3 -> "+00:00";
                    case 4 -> "-15:59";
                    default -> "";
                };
    }
}

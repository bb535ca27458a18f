package dev.sluice.column;

/**
 * Times in the form of ISO 8601 that leaves nothing open: years 1 to 9999, at most six decimals, no leap second, in UTC
 * or with an offset. Counted from 2000, as PostgreSQL does.
 */
final class IsoTime {

    /** What is not in that form. */
    static final long NOT_PLAIN = Long.MIN_VALUE;

    static final long MICROS_A_DAY = 86_400_000_000L;
    static final long DAYS_TO_2000 = 10_957;

    private static final int DATE_LENGTH = 10;
    private static final int MOST_OFFSET_HOURS = 15;
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int[] SCALES = {1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};

    private IsoTime() {}

    /** Returns the days. */
    static long date(byte[] bytes, int from, int to) {
        if (to - from != DATE_LENGTH || bytes[from + 4] != '-' || bytes[from + 7] != '-') {
            return NOT_PLAIN;
        }
        int year = digits(bytes, from, 4);
        int month = digits(bytes, from + 5, 2);
        int day = digits(bytes, from + 8, 2);
        if (year < 1 || month < 1 || month > 12 || day < 1 || day > days(year, month)) {
            return NOT_PLAIN;
        }
        // Years from March on: the leap day is their last one.
        int shifted = month > 2 ? year : year - 1;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long sinceYear0 = 365L * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear;
        return sinceYear0 - 719_468 - DAYS_TO_2000;
    }

    private static int days(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && leap ? 29 : DAYS[month - 1];
    }

    /** Returns so many digits as a number, −1 if there are others than digits. */
    private static int digits(byte[] bytes, int at, int count) {
        int number = 0;
        for (int i = at; i < at + count; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    /** Returns the microseconds; an offset from UTC is taken only where {@code zoned}. */
    static long timestamp(byte[] bytes, int from, int to, boolean zoned) {
        int clock = from + DATE_LENGTH;
        if (to < clock) {
            return NOT_PLAIN;
        }
        long days = date(bytes, from, clock);
        if (days == NOT_PLAIN) {
            return NOT_PLAIN;
        }
        if (to == clock) {
            return days * MICROS_A_DAY;
        }
        if (to < clock + 9
                || (bytes[clock] != 'T' && bytes[clock] != ' ')
                || bytes[clock + 3] != ':'
                || bytes[clock + 6] != ':') {
            return NOT_PLAIN;
        }
        int hour = digits(bytes, clock + 1, 2);
        int minute = digits(bytes, clock + 4, 2);
        int second = digits(bytes, clock + 7, 2);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return NOT_PLAIN;
        }
        long micros = days * MICROS_A_DAY + ((hour * 60L + minute) * 60 + second) * 1_000_000;
        int rest = clock + 9;
        if (rest < to && bytes[rest] == '.') {
            int end = rest + 1;
            while (end < to && bytes[end] >= '0' && bytes[end] <= '9') {
                end++;
            }
            int decimals = end - rest - 1;
            if (decimals < 1 || decimals > 6) {
                return NOT_PLAIN;
            }
            micros += (long) digits(bytes, rest + 1, decimals) * SCALES[decimals];
            rest = end;
        }
        if (rest == to) {
            return micros;
        }
        long offset = zoned ? offset(bytes, rest, to) : NOT_PLAIN;
        return offset == NOT_PLAIN ? NOT_PLAIN : micros - offset;
    }

    private static long offset(byte[] bytes, int from, int to) {
        if (to - from == 1 && bytes[from] == 'Z') {
            return 0;
        }
        boolean hours = to - from == 3;
        if ((bytes[from] != '+' && bytes[from] != '-') || (!hours && (to - from != 6 || bytes[from + 3] != ':'))) {
            return NOT_PLAIN;
        }
        int hour = digits(bytes, from + 1, 2);
        int minute = hours ? 0 : digits(bytes, from + 4, 2);
        if (hour < 0 || hour > MOST_OFFSET_HOURS || minute < 0 || minute > 59) {
            return NOT_PLAIN;
        }
        long micros = (hour * 60L + minute) * 60_000_000;
        return bytes[from] == '-' ? -micros : micros;
    }
}

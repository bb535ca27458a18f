package dev.sluice.column;

/** The unit of a number that counts from the beginning of 1970, in UTC; for a time of day, from midnight. */
public enum EpochUnit {
    D(86_400_000_000L, 1),
    S(1_000_000, 1),
    MS(1_000, 1),
    US(1, 1),
    NS(1, 1_000);

    private final long micros;
    private final long parts;

    EpochUnit(long micros, long parts) {
        this.micros = micros;
        this.parts = parts;
    }

    /** Returns how many microseconds it has, times {@link #parts}. */
    long micros() {
        return micros;
    }

    /** Returns how many of it make {@link #micros}. */
    long parts() {
        return parts;
    }
}

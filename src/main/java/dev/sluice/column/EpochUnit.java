package dev.sluice.column;

/** The unit of a number that counts from the beginning of 1970, in UTC. */
public enum EpochUnit {
    S(6),
    MS(3),
    US(0),
    NS(-3);

    private final int scale;

    EpochUnit(int scale) {
        this.scale = scale;
    }

    /** Returns by which power of ten it is larger than a microsecond. */
    int scale() {
        return scale;
    }
}

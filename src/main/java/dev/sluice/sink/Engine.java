package dev.sluice.sink;

/**
 * What kind of database keeps snapshots and tables: the one place that tells what differs between a server that has all
 * rows and many servers that share them.
 */
public enum Engine {
    /** One server has all rows. */
    POSTGRESQL,
    /** PostgreSQL with the extension Citus: each partition's rows are on one of many servers. */
    CITUS,
    /** Speaks as PostgreSQL does, and keeps each partition's rows in one of many tablets. */
    YUGABYTEDB;

    /** How many rows go as the VALUES of one INSERT; each has at most 8 parameters, and a statement 65,535. */
    public static final int VALUES_AT_A_TIME = 1_000;

    /**
     * Whether one transaction takes the batches of many partitions. Otherwise each partition has its own, and whatever
     * has to lock many locks one after the other: statements over several servers cost a two-phase commit, and some
     * engines refuse to lock by them.
     */
    public boolean joint() {
        return this == POSTGRESQL;
    }

    /**
     * Whether many rows go by COPY, or as arrays that the server unfolds. Otherwise they are the VALUES of one INSERT:
     * only there an engine sees where each row belongs before it begins.
     */
    public boolean unfolds() {
        return this == POSTGRESQL;
    }

    /** Returns the end of an INSERT that takes so many rows, each in the form of {@code row}. */
    public static String values(String row, int rows) {
        return " values " + row + (", " + row).repeat(rows - 1);
    }
}

package dev.sluice.database;

import java.time.Instant;

/**
 * A stretch of the database's life without a gap in what it knows.
 *
 * @param number counts them, from 1
 * @param since when it began
 * @param reason why it began
 */
public record Incarnation(long number, Instant since, String reason) {}

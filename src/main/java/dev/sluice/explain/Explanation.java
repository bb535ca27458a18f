package dev.sluice.explain;

/**
 * A type of problem, told to somebody who meets it for the first time.
 *
 * @param happened what has happened
 * @param toDo what to do about it
 * @param example the {@code detail} of one
 */
public record Explanation(String happened, String toDo, String example) {}
